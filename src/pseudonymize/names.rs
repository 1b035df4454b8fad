//! What columns about people are called in the exports of minet, gazouilloire, twarc and 4CAT, as
//! [`normalized_name`](crate::read::normalized_name) writes them. A name stands for itself and for those that end in it:
//! `user_name` for `quoted_user_name` too.

/// Who wrote, is answered, quoted, mentioned.
const ACCOUNTS: &[&str] = &[
    "screen_name",
    "username",
    "user_name",
    "userid",
    "user_id",
    "user_did",
    "user_handle",
    "user_handles",
    "user_dids",
    "user_ids",
    "user_names",
    "user_displayname",
    "user_display_name",
    "display_name",
    "full_name",
    "fullname",
    "handle",
    "author",
    "author_id",
    "author_name",
    "author_did",
    "author_handle",
    "author_fullname",
    "author_unique_id",
    "author_channel_id",
    "authorname",
    "authorid",
    "account_id",
    "account_acct",
    "account_username",
    "sender_id",
    "sender_name",
    "owner_id",
    "owner_username",
    "channel_id",
    "retweeted_user",
    "quoted_user",
    "quote_author",
    "retweet_author",
    "replied_user",
    "replied_to_user",
    "is_reply_user",
    "mentioned_names",
    "mentioned_ids",
    "mentions",
    "reply_to_user",
    "in_reply_to_account_id",
    "author_handles",
    "short_name",
    "influencer",
    "nom",
    "prenom",
    "nom_complet",
    "pseudo",
    "courriel",
    "email",
    "e_mail",
    "mail",
    "telephone",
    "tel",
    "phone",
    "mobile",
];

/// Cells of several accounts.
const LISTS: &[&str] =
    &["mentioned_names", "mentioned_ids", "mentions", "user_handles", "user_dids", "user_ids", "user_names"];

/// What a person says of themselves, looks like, and where they are.
const PROFILES: &[&str] = &[
    "user_description",
    "author_description",
    "account_note",
    "bio",
    "biography",
    "biographie",
    "user_location",
    "author_location",
    "location",
    "localisation",
    "lieu",
    "user_image",
    "user_avatar",
    "author_avatar",
    "author_avatar_url",
    "author_image",
    "avatar",
    "avatar_url",
    "account_avatar",
    "profile_image_url",
    "profile_image",
    "profile_picture",
    "profile_banner_url",
    "user_banner",
    "author_banner",
    "user_url",
    "author_url",
    "account_url",
    "author_profile_url",
    "user_profile_url",
    "profile_url",
    "user_timezone",
    "user_utcoffset",
    "coordinates",
    "geo",
    "place",
    "lat",
    "lng",
    "lon",
    "long",
    "latitude",
    "longitude",
    "geolocation",
];

/// Beginnings of such names.
const PROFILE_BEGINNINGS: &[&str] = &["place_", "geo_", "author_entities_", "user_entities_"];

/// When something happened.
const TIMES: &[&str] =
    &["timestamp_utc", "timestamp", "created_at", "local_time", "utc_time", "time", "date", "datetime", "taken_at"];

pub(super) fn is_account(name: &str) -> bool {
    is_among(name, ACCOUNTS)
}

pub(super) fn is_list(name: &str) -> bool {
    is_among(name, LISTS)
}

pub(super) fn is_profile(name: &str) -> bool {
    is_among(name, PROFILES) || PROFILE_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

pub(super) fn is_time(name: &str) -> bool {
    is_among(name, TIMES)
}

fn is_among(name: &str, known: &[&str]) -> bool {
    known.iter().any(|known| name.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('_')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_known() {
        for name in ["user_screen_name", "to_userid", "quoted_user_did", "author_id", "mentioned_user_handles"] {
            assert!(is_account(name), "{name}");
        }
        for name in ["user_followers", "text", "id", "uri", "did", "source_name", "hashtags", "lang", "nombre"] {
            assert!(!is_account(name), "{name}");
        }
        assert!(is_profile("place_coordinates") && is_profile("author_description") && !is_profile("description"));
        assert!(is_time("user_timestamp_utc") && is_time("date") && !is_time("update"));
    }
}
