//! Others' words inside a message: `RT @user:` before it, a quoted tweet after it.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;
use std::ops::Range;

/// Cuts what the sender did not write, and notes it.
///
/// **Source**: the forms that minet and gazouilloire give to retweets (`RT @user: text`) and to quotes
/// (`text « user: quoted text — url »`), in twitwi's `normalizers.py`.
#[derive(Debug)]
pub(super) struct Reposts;

impl Step for Reposts {
    fn name(&self) -> &'static str {
        "reposts"
    }

    fn loses(&self) -> &'static str {
        "the name before a repost, and the tweet quoted (kept in the marks)"
    }

    fn trigger(&self) -> Trigger {
        // @, and the second byte of «.
        Trigger::Bytes(b"@\xAB")
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, marks: &mut Marks) {
        let prefix_end = repost_prefix(text);
        if prefix_end > 0 {
            marks.repost = true;
            edits.remove(0..prefix_end);
        }
        if let Some((cut, quoted)) = quotation(text).filter(|(cut, _)| cut.start >= prefix_end) {
            marks.quoted.get_or_insert_with(|| quoted.to_owned());
            edits.remove(cut);
        }
    }
}

/// Length of all the `RT @user:` at the beginning.
pub fn repost_prefix(text: &str) -> usize {
    let mut end = 0;
    while let Some(length) = one_prefix(&text[end..]) {
        end += length;
    }
    end
}

fn one_prefix(text: &str) -> Option<usize> {
    let start = text.trim_start();
    let handle = ["RT @", "MT @"].iter().find_map(|prefix| start.strip_prefix(prefix))?;
    let name_end = scan::run_end(handle, 0, is_handle);
    let body = handle[name_end..].trim_start_matches(' ').strip_prefix(':')?.trim_start();
    (name_end > 0).then(|| text.len() - body.len())
}

/// The embedded quotation at the very end: what to cut, and the quoted words.
fn quotation(text: &str) -> Option<(Range<usize>, &str)> {
    let inner = text.trim_end().strip_suffix('»')?.trim_end();
    let (head, url) = inner.rsplit_once('—')?;
    if !url.trim_start().starts_with("http") || url.trim().contains(char::is_whitespace) {
        return None;
    }
    head.match_indices('«').find_map(|(open, mark)| {
        let said = head[open + mark.len()..].trim_start();
        let name_end = scan::run_end(said, 0, |byte| is_handle(byte) || byte == b'.' || byte == b'-');
        let quoted = said[name_end..].strip_prefix(':')?.trim();
        (name_end > 0).then(|| (text[..open].trim_end().len()..text.len(), quoted))
    })
}

fn is_handle(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, run};

    #[test]
    fn cuts_reposts() {
        expect(
            &Reposts,
            &[
                ("RT @PartiX: Votez dimanche !", "Votez dimanche !"),
                ("RT @a_b : Oui", "Oui"),
                ("RT @a: RT @b: Oui", "Oui"),
                ("MT @a: Oui", "Oui"),
            ],
        );
        assert!(run(&Reposts, "RT @a: été").marks.repost);
    }

    #[test]
    fn cuts_quotations_into_the_marks() {
        let out = run(&Reposts, "Tellement vrai « PartiX: On dit « non » — encore — https://t.co/x »");
        assert_eq!(out.text, "Tellement vrai");
        assert_eq!(out.marks.quoted.as_deref(), Some("On dit « non » — encore"));
        let both = run(&Reposts, "RT @a: Lisez « b.bsky.social: Bonjour — https://x.fr/1 »");
        assert_eq!((both.text.as_str(), both.marks.repost), ("Lisez", true));
    }

    #[test]
    fn leaves_other_words() {
        expect_same(
            &Reposts,
            &[
                "@PartiX RT !",
                "RT svp @PartiX",
                "RT @PartiX svp",
                "Il a dit « Attention: c'est — non »",
                "Lisez « l'été: un roman — https://x.fr »",
                "été",
                "",
            ],
        );
    }
}
