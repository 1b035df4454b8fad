//! The words behind the cues, in groups: who speaks to whom, what opens a turn, what is asked, what hurts, what sells.
//!
//! The lists come from the rules of the codebook (`docs/codebook.md`), not from any labelled corpus. Forms are those of
//! normalised tokens: lower case, elided words with their apostrophe, clitics with their hyphen. A form with a space is a phrase of
//! two tokens, each one of the words between `|`.

use super::TokenFacts;
use super::facts::Is;
use super::hash::{chain, form_hash};
use super::vocabulary::WideTable;
use crate::types::without_accent;

/// Declares the groups (saved models know them by their position: add at the end), their names for explanations and their words in one list.
macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident = $name:literal: $words:literal;)*) => {
        /// A family of words that count as one cue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Group { $($(#[$doc])* $group),* }

        /// Every group with its name and its words, between commas.
        pub(super) const GROUPS: &[(Group, &str, &str)] = &[$((Group::$group, $name, $words)),*];
    };
}

groups! {
    /// Says tu to somebody.
    Tu = "tu": "tu, toi, te, t', ton, ta, tes, tien, tienne, tiens, -tu, -toi, t'es, t'as, toé";
    /// Says vous.
    Vous = "vous": "vous, votre, vos, vôtre, vôtres, -vous";
    /// Speaks in the first person.
    Je = "je": "je, j', moi, me, m', mon, ma, mes, mien, mienne, -je, -moi, chu, chuis, jsuis, moé, ché, jai, jsp";
    /// Speaks for a group.
    Nous = "nous": "nous, notre, nos, nôtre, nôtres, -nous, ensemble";
    /// Asks something of the reader, politely.
    Request = "request": "pouvez, pourriez, pourrais, peux, svp, stp, veuillez, prière, accepteriez, accepterais, voudriez, voudrais, aidez, aide, besoin, possible, merci de, s' il, d' avance, demande, demandez";
    /// Calls on readers to act.
    Action = "action": "votez, voter, vote, rejoignez, rejoins, inscrivez, inscris, inscription, inscriptions, signez, signe, signer, partagez, partage, partager, relayez, relaye, relayer, soutenez, soutiens, adhérez, adhère, adhésion, découvrez, découvre, cliquez, clique, profitez, profite, retrouvez, suivez, suis-moi, participez, participe, commandez, achetez, réservez, réserve, téléchargez, abonnez, abonne, likez, like, retweetez, rt, mobilisez, venez, viens, contactez, contacte, commentez, commente, tague, follow, regardez, écoutez, lisez, donnez, don, dons, pétition, cagnotte, lien, n' hésitez";
    /// Sells, hires or trains.
    Sale = "sale": "gratuit, gratuite, gratuitement, promo, promotion, offre, offres, code, remise, rabais, soldes, tarif, tarifs, prix, abonnement, livraison, devis, formation, webinaire, coaching, coach, investissement, crédit, placement, produit, produits, service, services, client, clients, boutique, essai, rentable, revenus, assurance, contrat, consultation, accompagnement, accompagne, recrute, recrutons, poste, cv, candidature";
    /// Puts a programme or a candidate forward.
    Pledge = "pledge": "propose, proposons, projet, programme, candidat, candidate, candidats, campagne, m' engage, engage, engageons, élue, élu, président, présidente, voix, élection, élections, bulletin, urne, urnes, scrutin, tour, mandat, parti, je propose, je veux, je ferai, mon projet, avec moi, avec nous, mon programme, notre programme, notre projet, promets, promesse, défendrai, défendrons, garantirai, supprimerai, créerai, rétablirai, plan";
    /// Thanks.
    Thanks = "thanks": "merci, mercis, remercie, remercions, thanks, reconnaissant, reconnaissante, gratitude";
    /// Apologises.
    Apology = "apology": "désolé, désolée, désolés, désolées, pardon, excuse, excuses, excusez, navré, navrée, navrés, regrette, regrettons, scuse, scusez";
    /// Agrees with somebody.
    Agreement = "agreement": "oui, ouais, ouaip, ouep, exact, exactement, effectivement, absolument, évidemment, carrément, ok, okay, idem, voilà, vrai, clairement, tellement, d' accord, bien sûr, en effet, tout à, as raison, avez raison, pareil, amen, certes, grave, yep, si";
    /// Disagrees with somebody.
    Disagreement = "disagreement": "non, nan, nope, faux, mais, pourtant, contraire, désaccord, bah, ben, bof, pas vrai, pas d', n' importe, par contre, euh, heu, hein, alors, arrête, arrêtez, pfff, pff, mouais, perso, personnellement";
    /// Laughs or makes fun.
    Laugh = "laugh": "mdr, lol, ptdr, haha, hahaha, hihi, xd, mdrr, ahah, ahaha, jpp, 😂, 🤣, 😅, lmao, hehe, héhé";
    /// Greets or addresses.
    Greeting = "greeting": "bonjour, bonsoir, salut, allo, allô, coucou, hello, hey, cher, chère, chers, chères, madame, monsieur, mesdames, messieurs, bjr, slt, bsr, cordialement, bises, bonne journée, bonne soirée";
    /// Names a group of people by what they are or live through.
    People = "people": "étudiants, étudiantes, étudiant, agriculteurs, agriculteur, éleveurs, soignants, infirmières, infirmiers, retraités, retraitées, parents, mamans, papas, mères, femmes, jeunes, ouvriers, ouvrières, salariés, enseignants, enseignantes, profs, professeurs, policiers, pompiers, gendarmes, handicapés, handicap, chômeurs, artisans, commerçants, restaurateurs, familles, caissières, fonctionnaires, militaires, aînés, locataires, malades, aidants, aidantes, autochtones, harkis, ruraux, pêcheurs, orphelins, veuves, entrepreneurs, indépendants, routiers, travailleurs, travailleuses, agricultrices, agricultrice, éleveuses, soignante, soignantes, infirmière, infirmier, retraitée, retraité, ouvrière, policières, policière, policier, pompier, pompière, pompières, chômeuse, chômeuses, commerçantes, artisanes, restauratrices, caissiers, pêcheuses, entrepreneures, entrepreneuses, indépendantes, routières, enseignante, enseignant, étudiants-es, militaire, locataire, maman, papa, handicapé, handicapée, handicapées, orpheline, orphelines, aîné, aînée, aînées, mineurs, cheminots, cheminotes, automobilistes, chasseurs, chasseuses, maires, lycéens, lycéennes, élèves, apprentis, apprenties, postiers, postières, aides-soignantes, aides-soignants, livreurs, livreuses, camionneurs, camionneuses, producteurs, productrices, viticulteurs, viticultrices, vignerons, vigneronnes, médecins, patients, patientes, vétérans, vétérane, rapatriés, réfugiés, réfugiées, migrants, migrantes, sinistrés, sinistrées, autistes, sourds, sourdes, aveugles, \u{E00C}, \u{E00D}";
    /// Names a wound: death, crime, disaster, illness, loss.
    Wound = "wound": "mort, morts, morte, décès, décédé, décédée, attentat, attentats, victime, victimes, drame, tragédie, tragique, meurtre, meurtres, assassiné, assassinée, assassinat, tué, tuée, tués, tuer, accident, deuil, condoléances, hommage, incendie, inondation, inondations, séisme, agression, agressée, agressé, viol, violée, féminicide, féminicides, suicide, cancer, maladie, malade, blessé, blessés, disparition, tempête, catastrophe, terroriste, terrorisme, massacre, souffrance, souffrances, larmes, douleur, fausse couche, licenciement, licencié, licenciée, divorce, hôpital, commémoration, mémoire, poignardé, égorgé, tabassé, drames, obsèques, perdu, perte";
    /// Speaks of something that is the reader's: a post, a job, a loss, a child.
    YourPost = "yours": "votre|ton|ta|tes|vos post|article|articles|billet|vidéo|vidéos|plume|blog|blogue|profil|parcours|fille|fils|métier|témoignage|deuil|promotion|licenciement|bébé|chaîne|compte|communauté|audience|talent|talents|travail|expérience|poste|entreprise|boutique|mari|femme|mère|père|grossesse|mariage|divorce|maladie|combat|histoire|douleur|colère|souffrance|perte|tweet|tweets|publication|publications|commentaire|naissance|diagnostic";
    /// Puts the sender's own offer, programme or cause forward.
    Promote = "promote": "je|j'|nous propose|proposons|veux|voulons|défends|défendons|demande|demandons|appelle|appelons|invite|invitons|lance|lançons|présente|présentons|porte|portons|offre|offrons, m'|nous engage|engageons, avec|pour|rejoignez|rejoins|suivez|soutenez|votez|derrière|contre moi|nous, mon|ma|mes|notre|nos projet|programme|liste|candidature|campagne|mesure|mesures|offre|offres|boutique|page|pétition|parti|mouvement|plan|livre|proposition|propositions|équipe|formation|chaîne|cabinet|agence|solution|solutions|site|candidat|candidate|candidats|meeting|application|service|services, rejoignez-nous -nous, rejoignez|suivez|contactez|soutenez|retrouvez -nous|-moi, seul|seule à";
    /// Praises.
    Praise = "praise": "bravo, félicitations, félicite, magnifique, superbe, excellent, excellente, talent, talents, inspirant, inspirante, plume, respect, génial, géniale, admirable, formidable, chapeau, brillant, brillante, admire, admiration, adore, top, passionnant, bluffant, impressionnant, impressionnante, remarquable";
    /// Asks a question in words.
    Question = "question": "pourquoi, comment, quand, combien, quel, quelle, quels, quelles, où, -ce, est-ce, quoi, qui, pk, pkoi, pourkoi, lequel, laquelle, -t-il, -t-elle, -t-on, -il, -elle, -on";
    /// Answers with reasons.
    Reason = "reason": "parce, car, puisque, donc, sinon, cependant, toutefois, quoique, plutôt, surtout, justement, d' ailleurs, selon, pense, crois, trouve, comprends, comprend, sais, imagine, espère, doute, avis, point, question, réponse, message, commentaire";
    /// Remembers: a day that is named, an anniversary, a homage.
    Commemoration = "commemoration": "journée|semaine mondiale|internationale|nationale|européenne|québécoise, jour pour, ans après|jour, commémorer, commémorons, commémoration, commémorations, anniversaire, hommage, hommages, rendons, recueillement, minute de, ni oubli, n' oublions|oublie|oublierons|oubliez, souvenir, souvenons, mémoire, mars, novembre, 8mars, 25novembre, devoir de, noustoutes, autisme, harkis, déportés, vétérans, esclavage, abolition";
    /// Feels for somebody, or says to.
    Condolence = "condolence": "condoléances, pensées, pensée, solidarité, solidaire, solidaires, compassion, courage, peine, tristesse, émotion, effroi, horreur, choc, bouleversé, bouleversée, bouleversés, touché, touchée, ému, émue, indigné, indignée, révolté, révoltée, tout mon|notre, mes|nos pensées, soutien aux|à, repose|reposent|reposez en, rip, proches, endeuillées, endeuillée, force à, tenez bon, tiens bon";
    /// Offers the sender as the remedy.
    Rescue = "rescue": "mettrai|mettrons|mettre fin, avec moi|nous, élu|élue président|présidente|député|députée|maire, si je, je|j'|nous protégerai|défendrai|lutterai|agirai|ferai|mettrai|rendrai|redonnerai|rétablirai|garantirai|interdirai|créerai|stopperai|doublerai|rembourserai|engage|porterai|serai|propose|protégerons|défendrons|mettrons|créerons|ferons|rendrons|interdirons, suis|serai|sommes|serons avec, dans mon|notre, mon|notre programme|projet|plan, seul|seule à|moi, sera|seront puni|punis|punie|punies|interdit|interdite|expulsés|expulsé, tolérance zéro, peines planchers, m' engage, nous engageons, compter sur, sous ma";
    /// Lays the blame on somebody.
    Blame = "blame": "laxisme, laxiste, complice, complices, coupable, coupables, responsable, responsables, inaction, abandon, abandonné, abandonnés, abandonnées, mépris, méprisés, scandale, honte, incompétence, faute, voilà où, cause de, trahison, trahis, trahi, mensonge, mensonges, passivité, inertie, échec, impunité, compte, comptes";
    /// Calls to vote or to join.
    Ballot = "ballot": "votez, votons, voter, vote, voix, bulletin, urnes, élisez, élection, élections, scrutin, dimanche, tour, rejoignez, rejoins, adhérez, adhérer, soutenez, parrainez, signez, pétition, meeting, inscrivez, candidature, liste, campagne, programme, projet";
    /// Speaks of how far the reader's voice carries.
    Reach = "reach": "abonnés, abonné, followers, communauté, audience, influence, influent, influente, visibilité, relais, relayer, relaye, relayez, rt, retweet, retweeter, partager, partage, plume, chaîne, compte, portée, ambassadeur, ambassadrice, parrain, marraine, collaboration, partenariat";
    /// Names a turn in somebody's life.
    LifeEvent = "life event": "naissance, bébé, enceinte, grossesse, mariage, divorce, séparation, deuil, décès, retraite, promotion, poste, licenciement, licenciée, licencié, chômage, diagnostic, cancer, maladie, burnout, burn-out, déménagement, déménagé, emménagement, faillite, accident, cambriolage, cambriolé, inondé, inondée, sinistre, expulsion, diplôme, rupture, veuve, veuf, opération, infertilité, fiv, autiste";
}

/// Group bits of the forms and phrases of the lists.
#[derive(Debug)]
pub(super) struct Lexicon {
    forms: WideTable,
    phrases: WideTable,
    /// First words of phrases.
    openings: WideTable,
    stop_words: WideTable,
}

/// The groups found in a text, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Anywhere.
    pub(super) anywhere: u64,
    /// Among the first [`OPENING`] tokens.
    pub(super) opening: u64,
}

/// Letters from which a form is known without its accents too.
const SHORTEST_UNACCENTED: usize = 4;

/// How many tokens open a message.
const OPENING: usize = 4;

impl Lexicon {
    /// Reads the lists.
    pub(super) fn new() -> Self {
        let mut lexicon = Self {
            forms: WideTable::default(),
            phrases: WideTable::default(),
            openings: WideTable::default(),
            stop_words: WideTable::default(),
        };
        for word in STOP_WORDS.split_ascii_whitespace() {
            lexicon.stop_words.add(form_hash(word), 1);
        }
        for (group, _, words) in GROUPS {
            for form in words.split(", ") {
                lexicon.add(form, 1 << *group as u8);
                // As it is typed without accents, but for words so short that it is another one (`où`, `là`).
                if form.chars().count() >= SHORTEST_UNACCENTED {
                    let bare: String = form.chars().map(without_accent).collect();
                    lexicon.add(&bare, 1 << *group as u8);
                }
            }
        }
        lexicon
    }

    /// Adds a form, or every phrase of two words that it stands for.
    fn add(&mut self, form: &str, bit: u64) {
        let Some((first, second)) = form.split_once(' ') else {
            self.forms.add(form_hash(form), bit);
            return;
        };
        for first in first.split('|') {
            self.openings.add(form_hash(first), 1);
            for second in second.split('|') {
                self.phrases.add(chain(form_hash(first), form_hash(second)), bit);
            }
        }
    }

    /// Which groups tokens belong to, by their hashes and facts.
    pub(super) fn scan(&self, hashes: &[u64], facts: &[TokenFacts]) -> Found {
        let mut found = Found::default();
        for (index, (hash, facts)) in hashes.iter().zip(facts).enumerate() {
            let mut bits = if facts.has(Is::Listed) { self.forms.get(*hash) } else { 0 };
            if let (true, Some(next)) = (facts.has(Is::BeginsPhrase), hashes.get(index + 1)) {
                bits |= self.phrases.get(chain(*hash, *next));
            }
            found.anywhere |= bits;
            if index < OPENING {
                found.opening |= bits;
            }
        }
        found
    }

    /// Whether a token is in a group by itself.
    pub(super) fn holds(&self, hash: u64) -> bool {
        self.forms.get(hash) != 0
    }

    /// Whether a token is the first word of a phrase.
    pub(super) fn begins_phrase(&self, hash: u64) -> bool {
        self.openings.get(hash) != 0
    }

    /// Whether a word is too common to say what a text is about.
    pub(super) fn is_stop_word(&self, hash: u64) -> bool {
        self.stop_words.get(hash) != 0
    }
}

impl Found {
    /// Whether a group occurs.
    pub(super) fn has(self, group: Group) -> bool {
        self.anywhere & (1 << group as u8) != 0
    }

    /// Whether a group occurs at the beginning.
    pub(super) fn opens_with(self, group: Group) -> bool {
        self.opening & (1 << group as u8) != 0
    }
}

/// Words too common to say what a text is about.
const STOP_WORDS: &str = "alors au aucun aussi autre aux avec avoir bien car ce cela ces cet cette ceux chaque chez comme comment \
    dans de depuis des dont du elle elles en encore entre est et etc eu eux faire fait font il ils je jusqu' la là le les leur \
    leurs lui mais me même mes moi moins mon ne nos notre nous on ont ou où par parce pas peu peut plus pour pourquoi quand que \
    quel quelle quelles quels qui quoi sa sans se ses si son sont sous sur ta te tes toi ton tous tout toute toutes très trop tu un \
    une vos votre vous été être était sera soit suis c' d' j' l' m' n' qu' s' t' y à ça";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TokenKind;

    fn scan(forms: &[&str]) -> Found {
        let lexicon = Lexicon::new();
        let hashes: Vec<u64> = forms.iter().map(|form| form_hash(form)).collect();
        let facts: Vec<TokenFacts> = forms
            .iter()
            .zip(&hashes)
            .map(|(form, hash)| TokenFacts::of(form, form, TokenKind::Word, *hash, &lexicon))
            .collect();
        lexicon.scan(&hashes, &facts)
    }

    #[test]
    fn words_and_phrases_are_found() {
        let found = scan(&["merci", "de", "votre", "soutien", ",", "votez", "avec", "moi"]);
        for group in [Group::Thanks, Group::Request, Group::Vous, Group::Action, Group::Pledge] {
            assert!(found.has(group), "{group:?}");
        }
        assert!(found.opens_with(Group::Thanks) && !found.opens_with(Group::Action));
        assert!(!found.has(Group::Laugh));
        assert!(scan(&["mes", "condoleances", "a", "tes", "abonnes"]).has(Group::Condolence));
        assert!(!scan(&["ou"]).has(Group::Question));
    }

    #[test]
    fn groups_fit_their_bits_and_lists_are_clean() {
        assert!(GROUPS.len() <= 64);
        for (_, name, words) in GROUPS {
            for form in words.split(", ") {
                assert_eq!(form, form.trim().to_lowercase(), "{name}");
                assert!(form.split(' ').count() <= 2 && !form.is_empty(), "{name}: {form}");
            }
        }
    }
}
