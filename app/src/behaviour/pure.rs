//! Texts and small formats of the behaviour.

/// Whether the server can be reached, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It answers.
    Here,
    /// The browser says that there is no network.
    Offline,
    /// There is a network, but the server does not answer.
    Silent,
}

/// The toast after papers were marked.
pub fn marked_label(count: usize, read: bool) -> String {
    match (count, read) {
        (1, true) => "Marked as read.".to_owned(),
        (1, false) => "Marked as unread.".to_owned(),
        (count, true) => format!("{count} papers marked as read."),
        (count, false) => format!("{count} papers marked as unread."),
    }
}

/// The button that shows new papers; `None` without any. The server counts up to 1,000.
pub fn news_label(count: u32) -> Option<String> {
    match count {
        0 => None,
        1_000.. => Some("1,000+ new".to_owned()),
        _ => Some(format!("{count} new")),
    }
}

/// The connection line: `You are offline. This page was saved 24 November, 10:00. 1 change waiting to sync.` Empty
/// while the server answers.
pub fn connection_label(reach: Reach, saved_at: Option<&str>, waiting: usize) -> String {
    let mut label = match reach {
        Reach::Here => return String::new(),
        Reach::Offline => "You are offline.",
        Reach::Silent => "Broadsheet can’t be reached.",
    }
    .to_owned();
    if let Some(moment) = saved_at {
        label.push_str(&format!(" This page was saved {moment}."));
    }
    match waiting {
        0 => {}
        1 => label.push_str(" 1 change waiting to sync."),
        many => label.push_str(&format!(" {many} changes waiting to sync.")),
    }
    label
}

/// The toast after changes that waited were sent.
pub fn synced_label(count: usize) -> String {
    match count {
        1 => "Back online: 1 bookmark change synced.".to_owned(),
        many => format!("Back online: {many} bookmark changes synced."),
    }
}

/// The address of a listing's first page, from the path and query of any of its pages.
pub fn first_page(path: &str, search: &str) -> String {
    let query = search
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
        .collect::<Vec<_>>()
        .join("&");
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The cookies that decide how lists look (density, read marking, the last change of the mutes), as one text to compare.
pub fn list_settings(cookies: &str) -> String {
    cookies
        .split("; ")
        .filter(|cookie| {
            ["density=", "marking=", "mutes="]
                .iter()
                .any(|name| cookie.starts_with(name))
        })
        .collect()
}

/// Where a reader was in a list: what a page remembers while they are elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The id of the card they were at.
    pub card: String,
    /// Its distance from the upper edge of the window, in pixels.
    pub top: i32,
    /// How many cards came with the page itself.
    pub on_page: usize,
    /// The addresses of the further pages, in order.
    pub loaded: Vec<String>,
}

impl Place {
    /// As lines of text, which need no parser.
    pub fn write(&self) -> String {
        let mut lines = vec![self.card.clone(), self.top.to_string(), self.on_page.to_string()];
        lines.extend(self.loaded.iter().cloned());
        lines.join("\n")
    }

    /// Reads what [`Place::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        Some(Self {
            card: lines.next()?.to_owned(),
            top: lines.next()?.parse().ok()?,
            on_page: lines.next()?.parse().ok()?,
            loaded: lines.map(str::to_owned).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toast_counts_the_papers_that_were_marked() {
        assert_eq!(marked_label(1, true), "Marked as read.");
        assert_eq!(marked_label(4, false), "4 papers marked as unread.");
    }

    #[test]
    fn new_papers_are_counted_up_to_a_thousand() {
        assert_eq!(news_label(0), None);
        assert_eq!(news_label(14).as_deref(), Some("14 new"));
        assert_eq!(news_label(1_000).as_deref(), Some("1,000+ new"));
    }

    #[test]
    fn the_connection_line_tells_the_state_the_age_of_the_page_and_what_waits() {
        assert_eq!(connection_label(Reach::Here, None, 3), "");
        assert_eq!(connection_label(Reach::Offline, None, 0), "You are offline.");
        assert_eq!(
            connection_label(Reach::Silent, Some("24 November, 10:00"), 1),
            "Broadsheet can’t be reached. This page was saved 24 November, 10:00. 1 change waiting to sync."
        );
        assert_eq!(
            connection_label(Reach::Offline, None, 2),
            "You are offline. 2 changes waiting to sync."
        );
    }

    #[test]
    fn a_toast_counts_the_changes_that_were_synced() {
        assert_eq!(synced_label(1), "Back online: 1 bookmark change synced.");
        assert_eq!(synced_label(3), "Back online: 3 bookmark changes synced.");
    }

    #[test]
    fn the_first_page_has_no_cursor_and_keeps_the_filters() {
        assert_eq!(first_page("/", ""), "/");
        assert_eq!(first_page("/", "?after=x"), "/");
        assert_eq!(first_page("/", "?q=a&after=x&has=code"), "/?q=a&has=code");
    }

    #[test]
    fn only_cookies_about_lists_are_compared() {
        assert_eq!(
            list_settings("theme=dark; density=titles; reader=abc; mutes=17"),
            "density=titlesmutes=17"
        );
    }

    #[test]
    fn a_place_reads_back() {
        let place = Place {
            card: "paper-2510.06062".to_owned(),
            top: -12,
            on_page: 5,
            loaded: vec!["/?after=a".to_owned(), "/?after=b".to_owned()],
        };
        assert_eq!(Place::read(&place.write()), Some(place));
        assert_eq!(Place::read("paper\nfar\n5"), None);
    }
}
