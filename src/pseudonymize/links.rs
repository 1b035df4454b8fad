//! Links that lead to a person: which part of one is the account.

use std::ops::Range;

/// Sites whose first step is an account, unless it is one of [`PLACES`].
const DIRECT: &[&str] =
    &["twitter.com", "x.com", "instagram.com", "facebook.com", "fb.com", "t.me", "telegram.me", "wa.me", "vk.com"];

/// First steps on these sites that are no accounts.
const PLACES: &[&str] = &[
    "about",
    "ads",
    "c",
    "dialog",
    "events",
    "explore",
    "groups",
    "hashtag",
    "help",
    "home",
    "i",
    "intent",
    "joinchat",
    "legal",
    "login",
    "login.php",
    "marketplace",
    "media",
    "messages",
    "notifications",
    "p",
    "pages",
    "permalink.php",
    "photo",
    "photo.php",
    "plugins",
    "privacy",
    "profile.php",
    "public",
    "reel",
    "reels",
    "s",
    "search",
    "settings",
    "share",
    "sharer",
    "sharer.php",
    "signup",
    "story.php",
    "tos",
    "tv",
    "video.php",
    "watch",
];

/// Sites, and the steps that stand before an account there.
const AFTER: &[(&str, &[&str])] = &[
    ("bsky.app", &["profile"]),
    ("linkedin.com", &["in", "pub", "company", "posts", "recent-activity"]),
    ("youtube.com", &["user", "channel", "c"]),
    ("facebook.com", &["people"]),
    ("instagram.com", &["stories"]),
    ("snapchat.com", &["add"]),
    ("reddit.com", &["user", "u"]),
];

/// Where the account stands in a link, if it leads to one: a site we know, `/@account` or `/users/account` (Mastodon) on any.
pub(super) fn account(link: &str) -> Option<Range<usize>> {
    if let Some(rest) = link.strip_prefix("at://") {
        return segment(link, link.len() - rest.len());
    }
    let start = link.find("://").map_or(0, |colon| colon + "://".len());
    let path = start + link[start..].find(['/', '?', '#'])?;
    let host = link[start..path].to_ascii_lowercase();
    let first = segment(link, path + 1);
    match first.clone().map(|first| link[first].to_ascii_lowercase()) {
        Some(step) if step.starts_with('@') => {
            first.map(|first| first.start + 1..first.end).filter(|at| !at.is_empty())
        }
        Some(step) if leads(&host, &step) => first.and_then(|first| segment(link, first.end + 1)),
        Some(step) if is_any(&host, DIRECT) && !PLACES.contains(&step.as_str()) => first,
        _ if is_any(&host, &["facebook.com"]) => parameter(link, path),
        _ => None,
    }
}

/// Whether an account follows this step.
fn leads(host: &str, step: &str) -> bool {
    step == "users" || AFTER.iter().any(|(site, steps)| is_site(host, site) && steps.contains(&step))
}

fn is_any(host: &str, sites: &[&str]) -> bool {
    sites.iter().any(|site| is_site(host, site))
}

/// `m.facebook.com` is the site `facebook.com`, and `netflix.com` is not `x.com`.
fn is_site(host: &str, site: &str) -> bool {
    host.strip_suffix(site).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The step of a path that begins at a place.
fn segment(link: &str, start: usize) -> Option<Range<usize>> {
    let rest = link.get(start..)?;
    let end = start + rest.find(['/', '?', '#', '&']).unwrap_or(rest.len());
    (end > start).then_some(start..end)
}

/// The number in `profile.php?id=100`.
fn parameter(link: &str, path: usize) -> Option<Range<usize>> {
    let found = ["?id=", "&id="].iter().find_map(|name| link[path..].find(name).map(|at| path + at + name.len()));
    segment(link, found?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_in_links() {
        for (link, expected) in [
            ("https://twitter.com/Jean_D/status/12?s=20", "Jean_D"),
            ("HTTP://WWW.X.COM/jean", "jean"),
            ("x.com/jean", "jean"),
            ("https://bsky.app/profile/zoe.bsky.social/post/3k", "zoe.bsky.social"),
            ("https://bsky.app/profile/did:plc:abc", "did:plc:abc"),
            ("at://did:plc:abc/app.bsky.feed.post/3k", "did:plc:abc"),
            ("https://m.facebook.com/jean.dupont.75?ref=x", "jean.dupont.75"),
            ("https://facebook.com/profile.php?v=1&id=100012", "100012"),
            ("https://fr-fr.facebook.com/people/Jean-Dupont/1000", "Jean-Dupont"),
            ("https://www.instagram.com/marie.d_/", "marie.d_"),
            ("https://www.instagram.com/stories/marie/1", "marie"),
            ("https://fr.linkedin.com/in/h%C3%A9l%C3%A8ne-b/", "h%C3%A9l%C3%A8ne-b"),
            ("https://www.tiktok.com/@zoé.x/video/7", "zoé.x"),
            ("https://youtube.com/@hélène", "hélène"),
            ("https://www.youtube.com/channel/UCabc?sub=1", "UCabc"),
            ("https://piaille.fr/@zoe@mamot.fr/11", "zoe@mamot.fr"),
            ("https://piaille.fr/users/zoe/statuses/11", "zoe"),
            ("https://t.me/jean", "jean"),
        ] {
            assert_eq!(account(link).map(|at| &link[at]), Some(expected), "{link}");
        }
    }

    #[test]
    fn other_links_lead_to_nobody() {
        for link in [
            "https://netflix.com/jean",
            "https://x.com/",
            "https://x.com",
            "https://twitter.com/hashtag/retraites",
            "https://twitter.com/search?q=jean",
            "https://www.facebook.com/groups/lyon",
            "https://www.youtube.com/watch?v=1",
            "https://www.instagram.com/p/Cx",
            "https://lemonde.fr/été/article",
            "https://site.fr/@",
            "at://",
        ] {
            assert_eq!(account(link), None, "{link}");
        }
    }
}
