//! Words that must not decide: parties, faiths, peoples, first names. Each counts by its kind, not by which one it is.
//!
//! What a message does is the same whoever is named in it (`data/checks/identities.csv` holds the model to that), and a corpus
//! that happens to have one party's targeting and another's dialogue must not teach otherwise. Only words of one plain meaning
//! are listed: `pierre` or `marine` stay words. The peoples of the public spoken to (`français`, `québécois`,
//! `belges`, `suisses`) stay too: they address an audience.

use super::hash::form_hash;
use super::vocabulary::WideTable;
use crate::types::Class;

/// Kinds with their words, in lower case.
const KINDS: &[(Class, &str)] =
    &[(Class::Party, PARTIES), (Class::Faith, FAITHS), (Class::People, PEOPLES), (Class::FirstName, FIRST_NAMES)];

const PARTIES: &str = "ps lr rn fn lfi fi pcf renaissance lrem larem modem eelv udi prg npa upr lo dlf mnr \
    pq caq plq qs pcq plc pcc npd bq ndp \
    mr mr. ptb défi cdh ecolo vld cdenv nva \
    udc plr pvl pbd pdc psl ldt ljs solidarités \
    pdci ppa-ci rhdp rdpc udps fln rnd pjd \
    reconquête insoumis insoumise insoumises socialiste socialistes communiste communistes macroniste macronistes lepéniste \
    lepénistes frontiste frontistes mélenchoniste mélenchonistes zemmouriste zemmouristes trotskiste trotskistes gaulliste \
    gaullistes centriste centristes \
    péquiste péquistes caquiste caquistes bloquiste bloquistes libérale-québécoise néodémocrate néodémocrates";

const FAITHS: &str = "musulman musulmane musulmans musulmanes juif juive juifs juives catholique catholiques catho cathos chrétien \
    chrétienne chrétiens chrétiennes protestant protestante protestants protestantes bouddhiste bouddhistes hindou hindoue hindous \
    hindoues orthodoxe orthodoxes évangélique évangéliques sikh sikhe sikhs athée athées sunnite sunnites chiite chiites copte coptes \
    islam judaïsme christianisme catholicisme protestantisme bouddhisme hindouisme";

const PEOPLES: &str = "algérien algérienne algériens algériennes marocain marocaine marocains marocaines tunisien tunisienne tunisiens \
    tunisiennes sénégalais sénégalaise sénégalaises ivoirien ivoirienne ivoiriens ivoiriennes camerounais camerounaise camerounaises \
    congolais congolaise congolaises malien malienne maliens maliennes haïtien haïtienne haïtiens haïtiennes portugais portugaise \
    portugaises espagnol espagnole espagnols espagnoles italien italienne italiens italiennes polonais polonaise polonaises roumain \
    roumaine roumains roumaines syrien syrienne syriens syriennes afghan afghane afghans afghanes irakien irakienne irakiens \
    irakiennes libanais libanaise libanaises turc turque turcs turques kurde kurdes arménien arménienne arméniens arméniennes chinois \
    chinoise chinoises vietnamien vietnamienne vietnamiens vietnamiennes indien indienne indiens indiennes russe russes ukrainien \
    ukrainienne ukrainiens ukrainiennes allemand allemande allemands allemandes anglais anglaise anglaises américain américaine \
    américains américaines israélien israélienne israéliens israéliennes palestinien palestinienne palestiniens palestiniennes rom \
    roms gitan gitane gitans gitanes maghrébin maghrébine maghrébins maghrébines arabe arabes africain africaine africains africaines \
    asiatique asiatiques breton bretonne bretons bretonnes corse corses basque basques alsacien alsacienne alsaciens alsaciennes \
    acadien acadienne acadiens acadiennes innu innue innus innues mohawk mohawks inuit inuits wallon wallonne wallons \
    wallonnes flamand flamande flamands flamandes kabyle kabyles antillais antillaise antillaises réunionnais réunionnaise \
    réunionnaises mexicain mexicaine mexicains mexicaines brésilien brésilienne brésiliens brésiliennes";

const FIRST_NAMES: &str = "adèle adrien agathe agnès aïcha aïssatou alain alexandra alexandre alexis alfred alice aline aminata amélie amine amina \
    andré andrée andréa anaïs anne annie anthony antoine antoinette arnaud arthur audrey aurélie aurélien awa axel aya baptiste \
    bastien béatrice benjamin benoît bernadette bernard bernie bertrand bilal brigitte bruno camille carine carole caroline catherine \
    cécile cédric céline chantal charles charline charlotte chloé christelle christian christiane christine christophe claude \
    claudette claudine clément cloé colette coralie corinne cyril damien daniel danielle david delphine denis denise diane didier \
    djamila dominique dylan édouard élisabeth élise élodie éloïse emma emmanuel emmanuelle enzo éric érica estelle esther étienne éva \
    évelyne fabien fabienne fabrice fanny farid fatima fatou fatoumata félix fernand fernande florence florent florian france-anne \
    françois françoise franck fred frédéric frédérique gabriel gabrielle gaétan gaël geneviève georges gérald gérard germain gilbert \
    gilles ginette gisèle grégory guillaume gustave guy hakim hamza hélène henri hervé hugo hugues ibrahim inès ingrid irène isabelle \
    isabel ismaël jacqueline jacques jade jean jeanne jean-claude jean-françois jean-luc jean-marc jean-marie jean-michel jean-paul \
    jean-philippe jean-pierre jennifer jérémie jérémy jérôme jessica joanie jocelyn jocelyne joëlle johanne jonathan josée joseph \
    josette joséphine josiane juliette julie julien justine karim karine kevin kévin khadija laetitia laurence laurent laurie léa léo \
    léon léonie liliane lina linda lisa lise loïc louise louis lucas lucie lucien lucienne lucille ludovic lydia madeleine magali \
    malika mamadou manon marc marcel marcelle maria marianne marie marie-claude marie-ève marie-france marie-josée marilyne mario \
    marion marthe martine marwa mathieu mathilde matthieu maurice max maxime mehdi mélanie mélissa michaël michel michèle micheline \
    mireille mohamed mohammed monique moussa mustapha myriam nadège nadia nadine nancy natacha nathalie nathan nicolas nicole noémie \
    noah noël norbert océane odette olivier ousmane pascal pascale patrice patricia patrick paul paulette pauline philippe pierrette \
    rachel rachid raphaël raymond raymonde réjean réjeanne rémi renaud rené renée richard robert roger rokia roland romain romane \
    ronan roxane sabine sabrina salimata samir samira samuel sandra sandrine sarah sébastien serge sidonie simon simone solène sonia \
    sophie stéphane stéphanie suzanne sylvain sylvie tatiana théo thérèse thierry thomas tristan valentin valentine valérie vanessa \
    véronique vincent virginie viviane wassim william xavier yacine yan yann yannick yasmine yasmina youssef yuki yvan yves yvette \
    yvon yvonne zineb zoé";

/// The first names among them, in lower case.
pub fn first_names() -> impl Iterator<Item = &'static str> {
    FIRST_NAMES.split_ascii_whitespace()
}

/// Which words count by their kind.
#[derive(Debug, Default)]
pub(super) struct Neutral {
    /// Hash of a word → position of its kind in [`KINDS`], plus one.
    words: WideTable,
}

impl Neutral {
    /// Reads the lists.
    pub(super) fn new() -> Self {
        let mut words = WideTable::default();
        for (kind, (_, list)) in KINDS.iter().enumerate() {
            for word in list.split_ascii_whitespace() {
                words.add(form_hash(word), kind as u64 + 1);
            }
        }
        Self { words }
    }

    /// The kind that a word counts by.
    pub(super) fn kind(&self, hash: u64) -> Option<Class> {
        let kind = self.words.get(hash).checked_sub(1)?;
        KINDS.get(kind as usize).map(|(class, _)| *class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_by_their_kind_and_no_word_has_two() {
        let neutral = Neutral::new();
        for (class, list) in KINDS {
            for word in list.split_ascii_whitespace() {
                assert_eq!(neutral.kind(form_hash(word)), Some(*class), "{word}");
                assert_eq!(word, word.to_lowercase());
            }
        }
        assert_eq!(neutral.kind(form_hash("pierre")), None);
    }
}
