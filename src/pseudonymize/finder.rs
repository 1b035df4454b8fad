//! Where a text names somebody: links to profiles, e-mail addresses, mentions, telephone numbers, quoted accounts.

use std::borrow::Cow;
use std::ops::Range;

use regex::{Captures, Regex};

use super::{Counts, Key, links, phones};

/// Finds identifiers and puts pseudonyms in their place.
#[derive(Debug)]
pub(super) struct Finder {
    /// All kinds.
    texts: Regex,
    /// No telephone numbers, which ids and counts look like.
    cells: Regex,
    /// Inside a link that leads to nobody.
    inside_links: Regex,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Words of a person. A link to a profile loses what follows the account.
    Text,
    /// An id, an address, a list: what follows the account is kept, so that rows can still be joined.
    Cell,
}

/// A letter with its accents, in either way of writing them, or a digit: nothing of `@hélène` is left over.
const WORD: &str = r"[\p{L}\p{M}\p{N}_]";
/// Signs that stand inside handles: of Bluesky, of Instagram, of `YouTube`.
const INNER: &str = r"[.\-·]";
const DOMAIN: &str = r"(?:[\p{L}\p{M}\p{N}\-]+\.)+\p{L}{2,24}";
const LINK_END: &str = r#"[^\s<>"«»“”|]+"#;
const INVISIBLE: &str = r"[\u{200b}-\u{200f}\u{2060}-\u{2069}\u{feff}]*";

impl Finder {
    pub(super) fn new() -> Self {
        let name = format!("{WORD}(?:{INNER}?{WORD})*");
        let link = format!(
            r"(?P<link>(?i:https?://|www\.|at://){LINK_END}|did:[a-z]+:[A-Za-z0-9.:%_\-]+|{DOMAIN}/{LINK_END})"
        );
        let mail = format!(r"(?P<mail>{WORD}(?:[\p{{L}}\p{{M}}\p{{N}}_.%+\-])*@{DOMAIN})");
        let mention = format!(r"(?P<mention>[@＠]{INVISIBLE}(?P<name>{name}(?:@{DOMAIN})?))");
        let quoted = format!(r"(?P<quoted>«[\s\u{{a0}}]*(?P<account>{name}):)");
        let phone = format!("(?P<phone>{})", phones::PATTERN);
        Self {
            texts: regex(&[&link, &mail, &mention, &quoted, &phone]),
            cells: regex(&[&link, &mail, &mention]),
            inside_links: regex(&[&mail, &mention]),
        }
    }

    /// The text with pseudonyms; borrowed where it names nobody.
    pub(super) fn replace<'t>(&self, text: &'t str, place: Place, key: &Key, counts: &mut Counts) -> Cow<'t, str> {
        let regex = if place == Place::Text { &self.texts } else { &self.cells };
        self.replace_by(regex, text, place, key, counts)
    }

    fn replace_by<'t>(
        &self,
        regex: &Regex,
        text: &'t str,
        place: Place,
        key: &Key,
        counts: &mut Counts,
    ) -> Cow<'t, str> {
        let mut replaced = String::new();
        let (mut copied, mut from) = (0, 0);
        while let Some(found) = regex.captures_at(text, from) {
            let whole = found.get(0).map_or(from..text.len(), |whole| whole.range());
            if let Some((range, pseudonym)) = self.pseudonym(text, &found, place, key, counts) {
                replaced.push_str(&text[copied..range.start]);
                replaced.push_str(&pseudonym);
                (copied, from) = (range.end, range.end);
            } else {
                from = whole.start + text[whole.start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        replaced.push_str(&text[copied..]);
        Cow::Owned(replaced)
    }

    /// What is replaced, by what; `None` where it only looked like an identifier.
    fn pseudonym(
        &self,
        text: &str,
        found: &Captures<'_>,
        place: Place,
        key: &Key,
        counts: &mut Counts,
    ) -> Option<(Range<usize>, String)> {
        let group = |name: &str| found.name(name).map(|group| group.range());
        if let Some(range) = group("link") {
            return Some(self.link(text, range, place, key, counts));
        }
        if let Some(range) = group("mail") {
            counts.emails += 1;
            return Some((range.clone(), email(&text[range], key)));
        }
        if let (Some(range), Some(name)) = (group("mention"), group("name")) {
            let is_inside = text[..range.start].ends_with(|before: char| before.is_alphanumeric() || before == '_');
            counts.mentions += u64::from(!is_inside);
            return (!is_inside).then(|| (range, format!("@{}", key.pseudonym(&text[name]))));
        }
        if let Some(name) = group("account") {
            let is_quotation = text[name.end..].contains("— http");
            counts.mentions += u64::from(is_quotation);
            return is_quotation.then(|| (name.clone(), key.pseudonym(&text[name])));
        }
        let range = group("phone").filter(|range| phones::is_number(text, range))?;
        counts.phones += 1;
        let pseudonym = format!("[tél. {}]", key.pseudonym(&phones::canonical(&text[range.clone()])));
        Some((range, pseudonym))
    }

    /// A link with a pseudonym for its account; one that leads to nobody, with pseudonyms for whom it names.
    fn link(
        &self,
        text: &str,
        range: Range<usize>,
        place: Place,
        key: &Key,
        counts: &mut Counts,
    ) -> (Range<usize>, String) {
        let link = text[range.clone()].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '’', '…', '*']);
        let range = range.start..range.start + link.len();
        let account = if link.starts_with("did:") { Some(0..link.len()) } else { links::account(link) };
        let Some(account) = account else {
            return (range, self.replace_by(&self.inside_links, link, place, key, counts).into_owned());
        };
        counts.links += 1;
        let rest = if place == Place::Text && !link.starts_with("at://") { "" } else { &link[account.end..] };
        (range, format!("{}{}{rest}", &link[..account.start], key.pseudonym(&link[account])))
    }
}

/// An address of a domain that is nobody's (RFC 2606).
pub(super) fn email(address: &str, key: &Key) -> String {
    format!("{}@exemple.invalid", key.pseudonym(address))
}

fn regex(alternatives: &[&str]) -> Regex {
    Regex::new(&alternatives.join("|")).expect("the patterns are fixed, and tests compile them")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::new(&[7; 32])
    }

    fn p(name: &str) -> String {
        key().pseudonym(name)
    }

    #[track_caller]
    fn expect(text: &str, expected: &str) {
        let found = Finder::new().replace(text, Place::Text, &key(), &mut Counts::default()).into_owned();
        assert_eq!(found, expected);
    }

    #[test]
    fn mentions() {
        expect("@Zoe, d'@zoe .@ZOE", &format!("@{0}, d'@{0} .@{0}", p("zoe")));
        expect("@hélène_b!", &format!("@{}!", p("hélène_b")));
        expect("@he\u{301}le\u{300}ne va", &format!("@{} va", p("hélène")));
        expect("@marie.dupont.", &format!("@{}.", p("marie.dupont")));
        expect(
            "@zoe.bsky.social et @zoe@piaille.fr",
            &format!("@{} et @{}", p("zoe.bsky.social"), p("zoe@piaille.fr")),
        );
        expect("＠zoe @\u{2060}zoe @@zoe", &format!("@{0} @{0} @@{0}", p("zoe")));
        expect("@zoe@zoe", &format!("@{0}@zoe", p("zoe")));
    }

    #[test]
    fn quoted_accounts() {
        expect("Vrai « jean_d: Oui — https://t.co/x »", &format!("Vrai « {}: Oui — https://t.co/x »", p("jean_d")));
        expect("Il dit « Attention: non »", "Il dit « Attention: non »");
    }

    #[test]
    fn emails() {
        let mail = |address: &str| format!("{}@exemple.invalid", p(address));
        expect(
            "Écrivez à Jean.Dupont+x@mail.ville.fr.",
            &format!("Écrivez à {}.", mail("jean.dupont+x@mail.ville.fr")),
        );
        expect("mailto:hélène@été.fr", &format!("mailto:{}", mail("hélène@été.fr")));
        expect("https://x.fr/?m=a@b.ca", &format!("https://x.fr/?m={}", mail("a@b.ca")));
    }

    #[test]
    fn telephone_numbers() {
        let france = format!("[tél. {}]", p("tel:33612345678"));
        for written in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "0612345678",
            "06\u{a0}12\u{202f}34 56 78",
            "061 234 56 78",
            "+33612345678",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "0033 6 12 34 56 78",
        ] {
            expect(&format!("tél.:{written}, merci"), &format!("tél.:{france}, merci"));
        }
        let quebec = format!("[tél. {}]", p("tel:15145550199").replace("tel:", ""));
        for written in
            ["(514) 555-0199", "514-555-0199", "514 555 0199", "514.555.0199", "5145550199", "+1 514-555-0199"]
        {
            // The exchange 555 and the area 514: both begin beyond 1.
            expect(&format!("Appelez le {written} !"), &format!("Appelez le {quebec} !"));
        }
        expect("au 0470/12.34.56 ou", &format!("au [tél. {}] ou", p("tel:33470123456")));
        expect("au +32 470 12 34 56.", &format!("au [tél. {}].", p("tel:32470123456")));
        expect("au 022 123 45 67.", &format!("au [tél. {}].", p("tel:33221234567")));
    }

    #[test]
    fn links() {
        expect("Lisez https://twitter.com/Zoe/status/12?s=1.", &format!("Lisez https://twitter.com/{}.", p("zoe")));
        expect("(x.com/zoe)", &format!("(x.com/{})", p("zoe")));
        expect("did:plc:abc", &p("did:plc:abc"));
        expect("at://did:plc:abc/x/3k", &format!("at://{}/x/3k", p("did:plc:abc")));
        let cell = "https://twitter.com/zoe/status/12";
        let found = Finder::new().replace(cell, Place::Cell, &key(), &mut Counts::default()).into_owned();
        assert_eq!(found, format!("https://twitter.com/{}/status/12", p("zoe")));
    }

    #[test]
    fn what_names_nobody_stays() {
        for text in [
            "@ tous @",
            "l@ami tod@s",
            "à 18:30, p.ex.",
            "100 000 000 €",
            "1 000 000 000",
            "le 01.02.2024 10 h",
            "2019-2024",
            "123456789012345678",
            "n° 1712345678",
            "1712345678901",
            "3,0612345678",
            "https://lemonde.fr/2024/05/01/x_6123456789.html",
            "été",
            "",
            "« », et/ou",
            "20 200 300 400",
        ] {
            expect(text, text);
        }
    }

    #[test]
    fn cells_keep_their_numbers() {
        let found = Finder::new().replace("5145550199", Place::Cell, &key(), &mut Counts::default()).into_owned();
        assert_eq!(found, "5145550199");
    }
}
