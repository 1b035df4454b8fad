//! What columns are called in the exports we know (`users-and-formats.md` 1.3), and how names are compared.

use super::Role;

/// Names of each role's column, the best first, as [`normalized`] writes them.
pub(super) const ALIASES: [(Role, &[&str]); 19] = [
    (
        Role::Text,
        &[
            // minet's Bluesky `text` holds the quoted posts too: `original_text` goes first.
            "original_text",
            "text",
            "full_text",
            "rawcontent",
            "body",
            "content",
            "message",
            "texte",
            "contenu",
            "tweet",
            "post",
            "comment",
            "commentaire",
            "caption",
            "legende",
            "description",
            "hit_sentence",
            "full_text_content",
            "verbatim",
            "reponse",
            "corps",
            "msg",
        ],
    ),
    (Role::Title, &["title", "titre", "subject", "sujet", "objet", "spoiler_text"]),
    (
        Role::Parent,
        &[
            "parent_text",
            "texte_parent",
            "parent",
            "message_parent",
            "parent_body",
            "in_reply_to_text",
            "replied_to_text",
            "reply_to_text",
            "is_reply_text",
            "context",
            "contexte",
            "question",
            "original_message",
        ],
    ),
    (
        Role::Id,
        &[
            "id",
            "id_str",
            "uri",
            "tweet_id",
            "status_id",
            "post_id",
            "message_id",
            "comment_id",
            "content_id",
            "uid",
            "cid",
            "url",
            "link",
            "permalink",
            "lien",
            "identifiant",
            "document_id",
            "doc_id",
        ],
    ),
    (
        Role::Author,
        &[
            "user_screen_name",
            "user_handle",
            "author_username",
            "from_user_name",
            "screen_name",
            "username",
            "handle",
            "author",
            "auteur",
            "auteure",
            "compte",
            "account_acct",
            "sender",
            "expediteur",
            "from",
            "de",
            "user",
            "user_name",
            "page_name",
            "author_name",
        ],
    ),
    (
        Role::ReplyTo,
        &[
            "to_tweetid",
            "to_post_uri",
            "referenced_tweets_replied_to_id",
            "in_reply_to_status_id_str",
            "in_reply_to_status_id",
            "in_reply_to_id",
            "inreplytotweetid",
            "replied_to_post",
            "reply_to",
            "in_reply_to",
            "parent_comment_id",
            "parent_id",
            "isreplyto",
            "inreplyto",
            "parent_url",
            "reponse_a",
        ],
    ),
    (
        Role::To,
        &[
            "to_username",
            "in_reply_to_username",
            "in_reply_to_screen_name",
            "replied_to_user",
            "replied_user",
            "to_user_name",
            "to_user_did",
            "to",
            "destinataire",
            "addressee",
            "a",
        ],
    ),
    (Role::Thread, &["conversation_id", "thread_id", "to_root_post_uri", "video_id", "conversationid", "fil"]),
    (
        Role::Time,
        &[
            "timestamp_utc",
            "unix_timestamp",
            "local_time",
            "created_at",
            "utc_time",
            "timestamp",
            "datetime",
            "date",
            "published_at",
            "publishedat",
            "published_date",
            "published",
            "created_time",
            "post_created",
            "horodatage",
            "date_publication",
        ],
    ),
    (Role::Lang, &["lang", "language", "langue", "language_guess", "languages", "user_langs"]),
    (
        Role::Label,
        &[
            "label",
            "labels",
            "etiquette",
            "classe",
            "class",
            "categorie",
            "category",
            "code",
            "gold",
            "annotation",
            "accept",
            "choice",
            "sentiment",
        ],
    ),
    (
        Role::Annotator,
        &["annotator", "annotateur", "annotator_id", "_annotator_id", "coder", "codeur", "user_id", "session"],
    ),
    (Role::Lever, &["lever", "levier"]),
    (Role::Gain, &["gain"]),
    (Role::Exchange, &["exchange", "echange"]),
    (Role::Group, &["group", "groupe"]),
    (Role::Weight, &["weight", "poids"]),
    (Role::Hard, &["hard", "difficile"]),
    (Role::Source, &["source", "writer", "stream"]),
];

/// Place of a column's name among a role's aliases.
pub(super) fn rank(role: Role, name: &str) -> Option<usize> {
    let name = normalized(name);
    let (_, aliases) = ALIASES.iter().find(|(known, _)| *known == role)?;
    aliases.iter().position(|alias| *alias == name)
}

/// Whether a column of this name could be the text.
pub(super) fn is_text_name(name: &str) -> bool {
    rank(Role::Text, name).is_some()
}

/// Whether a column of this name could play any role.
pub(super) fn is_known_name(name: &str) -> bool {
    let name = normalized(name);
    ALIASES.iter().any(|(_, aliases)| aliases.contains(&name.as_str()))
}

/// A column's name as names are compared: in lower case, without accents, `.`, `-` and space as `_`.
pub fn normalized(name: &str) -> String {
    let trimmed = name.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    let mut normalized = String::with_capacity(trimmed.len());
    for character in trimmed.chars().flat_map(char::to_lowercase) {
        match character {
            '.' | '-' | ' ' | '\u{a0}' => normalized.push('_'),
            'à' | 'â' | 'ä' => normalized.push('a'),
            'é' | 'è' | 'ê' | 'ë' => normalized.push('e'),
            'î' | 'ï' => normalized.push('i'),
            'ô' | 'ö' => normalized.push('o'),
            'ù' | 'û' | 'ü' => normalized.push('u'),
            'ç' => normalized.push('c'),
            'œ' => normalized.push_str("oe"),
            // Accents on their own, as NFD writes them.
            '\u{300}'..='\u{36f}' => {}
            other => normalized.push(other),
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_accents() {
        assert_eq!(normalized("\u{feff}Étiquette "), "etiquette");
        assert_eq!(normalized("Le\u{301}gende"), "legende");
        assert_eq!(normalized("Hit Sentence"), "hit_sentence");
        assert_eq!(normalized("referenced_tweets.replied_to.id"), "referenced_tweets_replied_to_id");
    }

    #[test]
    fn the_table_is_written_as_names_are_compared() {
        for (role, aliases) in ALIASES {
            assert!(aliases.iter().all(|alias| normalized(alias) == *alias), "{role:?}");
        }
        assert!((0..).zip(Role::ALL).all(|(at, role)| role as usize == at));
        assert!(Role::ALL.iter().all(|role| ALIASES.iter().any(|(known, _)| known == role)));
    }
}
