//! Web addresses, e-mail addresses and mentions → their classes.

use super::{Edits, Step, Trigger, scan};
use crate::types::{Class, Marks};
use std::ops::Range;

/// Masks addresses, and the `@user`, `@url` and lone `http` that stand for them in anonymised data.
#[derive(Debug)]
pub(super) struct Addresses;

/// Domain endings taken for an address wherever they stand; none is a French word.
const ENDINGS: &[&str] = &[
    "fr", "com", "org", "net", "info", "be", "ch", "eu", "io", "tv", "uk", "lu", "bzh", "quebec", "paris", "social",
    "news", "media", "app", "dev", "gouv", "edu", "gov",
];

/// Endings that a French sentence may begin by (`fini.ca va`), or that abbreviations end by: taken after `www.`,
/// before a path, or in a name of three parts.
const ENDINGS_IN_CONTEXT: &[&str] = &[
    "ca", "de", "co", "ly", "me", "gl", "re", "es", "it", "us", "gg", "to", "link", "page", "site", "online", "cc",
    "mu",
];

impl Step for Addresses {
    fn name(&self) -> &'static str {
        "addresses"
    }

    fn loses(&self) -> &'static str {
        "which address, account or site is named"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(b"@.:p")
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut candidates = Candidates::new(text);
        let mut done = 0;
        while let Some(at) = candidates.next(done) {
            let found = match text.as_bytes()[at] {
                b'@' => email(text, at, done).or_else(|| mention(text, at)),
                b'.' => email_of_dot(text, at, done).or_else(|| site(text, at, done)),
                b':' => web(text, at, done),
                _ => lone_scheme(text, at),
            };
            done = at + 1;
            if let Some((range, class)) = found {
                done = range.end;
                edits.mask(range, class);
            }
        }
    }
}

type Found = Option<(Range<usize>, Class)>;

/// Places that an address may hold: `@`, `.`, `:`, and the beginning of `http`.
struct Candidates<'t> {
    text: &'t str,
    scheme: usize,
    mark: usize,
}

impl<'t> Candidates<'t> {
    fn new(text: &'t str) -> Self {
        let mut candidates = Self { text, scheme: 0, mark: 0 };
        candidates.find_scheme(0);
        candidates.find_mark(0);
        candidates
    }

    fn next(&mut self, from: usize) -> Option<usize> {
        if self.scheme < from {
            self.find_scheme(from);
        }
        if self.mark < from {
            self.find_mark(from);
        }
        Some(self.scheme.min(self.mark)).filter(|at| *at < self.text.len())
    }

    /// By its last letter, the least common.
    fn find_scheme(&mut self, from: usize) {
        let bytes = self.text.as_bytes();
        let mut ends = memchr::memchr_iter(b'p', &bytes[from..]).map(|offset| from + offset + 1);
        self.scheme = ends.find(|end| bytes[from..*end].ends_with(b"http")).map_or(usize::MAX, |end| end - 4);
    }

    fn find_mark(&mut self, from: usize) {
        let found = memchr::memchr3(b'@', b'.', b':', &self.text.as_bytes()[from..]);
        self.mark = found.map_or(usize::MAX, |offset| from + offset);
    }
}

/// `http` alone, cut short (`http...`), or as a scheme in small letters.
fn lone_scheme(text: &str, at: usize) -> Found {
    let end = at + "http".len();
    let end = if text[end..].starts_with('s') { end + 1 } else { end };
    if text[end..].starts_with("://") {
        return web(text, end, at);
    }
    let is_lone =
        !scan::alnum_before(text, at) && !scan::alnum_at(text, end) && !text[end..].starts_with([':', '.', '-', '/']);
    is_lone.then_some((at..end, Class::Url))
}

/// An address with its scheme, seen from its colon.
fn web(text: &str, colon: usize, floor: usize) -> Found {
    let start = scan::run_start(text, colon, floor, |byte| byte.is_ascii_alphabetic());
    let scheme = &text[start..colon];
    let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (is_web && text[colon..].starts_with("://")).then(|| (start..address_end(text, colon + "://".len()), Class::Url))
}

/// An address without scheme, seen from the first dot of its domain.
fn site(text: &str, dot: usize, floor: usize) -> Found {
    let domain = domain_around(text, dot, floor)?;
    let has_path = text[domain.end..].starts_with('/') && scan::alnum_at(text, domain.end + 1);
    if !is_domain(&text[domain.clone()], has_path) {
        return None;
    }
    let end = if has_path { address_end(text, domain.end) } else { domain.end };
    Some((domain.start..end, Class::Url))
}

/// The dotted name that holds a dot, unless it is part of something longer.
fn domain_around(text: &str, dot: usize, floor: usize) -> Option<Range<usize>> {
    let start = scan::run_start(text, dot, floor, is_domain_byte);
    let run = name_run_end(text, dot, is_domain_byte);
    let end = start + text[start..run].trim_end_matches(['.', '-']).len();
    let stands_alone = !scan::char_before(text, start).is_some_and(|before| before.is_alphanumeric() || before == '@')
        && !scan::alnum_at(text, run)
        && !text[run..].starts_with(['@', '_']);
    (start < dot && dot < end && stands_alone).then_some(start..end)
}

/// Whether a dotted name is a domain rather than two sentences without a space.
fn is_domain(name: &str, has_path: bool) -> bool {
    let Some((labels, ending)) = name.rsplit_once('.') else { return false };
    let is_shaped =
        labels.split('.').all(|label| !label.is_empty()) && labels.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let is_among = |endings: &[&str]| endings.iter().any(|known| ending.eq_ignore_ascii_case(known));
    let is_www = labels.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("www."));
    let in_context = has_path || is_www || labels.contains('.');
    is_shaped && (is_among(ENDINGS) || (in_context && is_among(ENDINGS_IN_CONTEXT)))
}

/// End of an address from somewhere in it: trailing punctuation belongs to the sentence.
fn address_end(text: &str, from: usize) -> usize {
    let run = scan::chars_end(text, from, |character| match character {
        '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '}' | '|' => false,
        ascii if ascii.is_ascii() => ascii.is_ascii_graphic(),
        other => other.is_alphanumeric(),
    });
    let count = |bracket: u8| memchr::memchr_iter(bracket, &text.as_bytes()[from..run]).count();
    let mut unopened = [count(b')').saturating_sub(count(b'(')), count(b']').saturating_sub(count(b'['))];
    let mut is_trailing = |last: u8| match last {
        b')' | b']' => {
            let excess = &mut unopened[usize::from(last == b']')];
            let closes_nothing = *excess > 0;
            *excess = excess.saturating_sub(1);
            closes_nothing
        }
        _ => b".,;:!?'([*-".contains(&last),
    };
    run - text.as_bytes()[from..run].iter().rev().take_while(|last| is_trailing(**last)).count()
}

/// An e-mail address, seen from its `@`.
fn email(text: &str, at: usize, floor: usize) -> Found {
    let start = scan::run_start(text, at, floor, is_local_byte);
    let start = start + text[start..at].bytes().take_while(|byte| matches!(byte, b'.' | b'-' | b'%' | b'+')).count();
    let end = dotted_end(text, at + 1)?;
    (start < at).then_some((start..end, Class::Email))
}

/// An e-mail address whose local part holds this dot.
fn email_of_dot(text: &str, dot: usize, floor: usize) -> Found {
    let at = name_run_end(text, dot, is_local_byte);
    text[at..].starts_with('@').then(|| email(text, at, floor)).flatten()
}

/// End of a dotted name, if one with a plausible ending begins here.
fn dotted_end(text: &str, start: usize) -> Option<usize> {
    let run = name_run_end(text, start, is_domain_byte);
    let name = text[start..run].trim_end_matches(['.', '-']);
    let (labels, ending) = name.rsplit_once('.')?;
    let is_ending = ending.len() >= 2 && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_ending && labels.split('.').all(|label| !label.is_empty())).then_some(start + name.len())
}

/// `@user`, `@user.bsky.social` or `@user@instance.social`.
fn mention(text: &str, at: usize) -> Found {
    if scan::char_before(text, at).is_some_and(|before| before.is_alphanumeric() || before == '@') {
        return None;
    }
    let name_end = scan::run_end(text, at + 1, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name_end == at + 1 || scan::alnum_at(text, name_end) {
        return None;
    }
    let class = if text[at + 1..name_end].eq_ignore_ascii_case("url") { Class::Url } else { Class::Mention };
    let instance = text[name_end..].starts_with('@').then(|| dotted_end(text, name_end + 1)).flatten();
    Some((at..instance.or_else(|| handle_end(text, at + 1, name_end)).unwrap_or(name_end), class))
}

/// End of a handle that is a domain, as Bluesky's are.
fn handle_end(text: &str, start: usize, name_end: usize) -> Option<usize> {
    if !text[name_end..].starts_with(['.', '-']) {
        return None;
    }
    let end = dotted_end(text, start)?;
    is_domain(&text[start..end], false).then_some(end)
}

/// End of a run of bytes of a name. No name is longer than the bound, which keeps rows of dots from being read to
/// their end from each dot.
fn name_run_end(text: &str, at: usize, is_in: fn(u8) -> bool) -> usize {
    const LONGEST: usize = 256;
    let window = &text.as_bytes()[at..text.len().min(at + LONGEST)];
    at + window.iter().position(|byte| !is_in(*byte)).unwrap_or(window.len())
}

fn is_domain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

fn is_local_byte(byte: u8) -> bool {
    is_domain_byte(byte) || matches!(byte, b'_' | b'%' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, run};

    #[test]
    fn masks_web_addresses() {
        expect(
            &Addresses,
            &[
                ("Lisez https://t.co/aBc1, merci", "Lisez <url>, merci"),
                ("(HTTPS://x.fr/a_(b)) !", "(<url>) !"),
                ("voir www.lemonde.fr/été?x=1.", "voir <url>."),
                ("bit.ly/abc mediapart.fr, infos.gouv.qc.ca", "<url> <url>, <url>"),
                ("ici:http://x.fr/👇", "ici:<url>👇"),
                ("le programme http via @url", "le programme <url> via <url>"),
                ("tronqué https://...", "tronqué <url>..."),
            ],
        );
    }

    #[test]
    fn masks_mentions_and_mail() {
        expect(
            &Addresses,
            &[
                ("@user @PartiX: oui", "<mention> <mention>: oui"),
                (".@a_b, @c.bsky.social et @d@piaille.fr.", ".<mention>, <mention> et <mention>."),
                ("d'@ami l@ami", "d'<mention> l@ami"),
                ("jean.dupont+x@mail.ville.fr.", "<email>."),
                ("é:a@b.ca", "é:<email>"),
                ("@X.Merci", "<mention>.Merci"),
            ],
        );
    }

    #[test]
    fn masks_stand_apart() {
        assert_eq!(run(&Addresses, "@a@url").text.matches('@').count(), 1);
        expect(&Addresses, &[("déjà @x\u{E000}", "déjà <mention> <url>"), ("voirhttp://a", "voir <url>")]);
    }

    #[test]
    fn leaves_sentences() {
        expect_same(
            &Addresses,
            &[
                "C'est fini.ca va ?",
                "étudiant.e.s et citoyen.ne.s",
                "à 18:30, p.ex. etc.",
                "J.-C. M.de",
                "@ tous @é",
                "http2 protocole",
                "été... ok",
                "",
            ],
        );
    }

    #[test]
    fn maps_back() {
        let out = run(&Addresses, "à https://t.co/a !");
        assert_eq!(out.original(&(3..6)), 3..17);
    }
}
