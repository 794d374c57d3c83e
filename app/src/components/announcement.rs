//! How arXiv announced a paper.

use domain::upstream::{AnnounceKind, Announcement};
use jiff::civil::Date;
use leptos::prelude::*;

/// Days for which a card shows a cross-listing or a new version.
const RECENT_DAYS: i32 = 14;

/// `new on 24 November 2026`, `replaced by version 3 on 24 November 2026`.
pub(crate) fn announcement_label(announcement: &Announcement) -> String {
    let on = announcement.day.strftime("%-d %B %Y");
    match (announcement.kind, announcement.version) {
        (AnnounceKind::Replace | AnnounceKind::ReplaceCross, Some(version)) => {
            format!("replaced by version {version} on {on}")
        }
        (kind, _) => format!("{} on {on}", kind.label()),
    }
}

/// Marks a card that was recently cross-listed or replaced by a new version.
#[component]
pub fn Announced(announcement: Option<Announcement>, today: Date) -> impl IntoView {
    let is_recent = |announcement: &Announcement| {
        today
            .since(announcement.day)
            .is_ok_and(|span| span.get_days() <= RECENT_DAYS)
    };
    announcement
        .filter(|announcement| announcement.kind != AnnounceKind::New && is_recent(announcement))
        .map(|announcement| {
            let label = match announcement.version {
                Some(version) if announcement.kind != AnnounceKind::Cross => {
                    format!("{} v{version}", announcement.kind.label())
                }
                _ => announcement.kind.label().to_owned(),
            };
            view! { <li><span title=announcement_label(&announcement)>{label}</span></li> }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_names_the_kind_the_version_and_the_day() {
        let label = |kind, version| {
            announcement_label(&Announcement {
                day: "2026-11-24".parse().expect("a day"),
                kind,
                version,
            })
        };
        assert_eq!(label(AnnounceKind::New, Some(1)), "new on 24 November 2026");
        assert_eq!(
            label(AnnounceKind::Cross, None),
            "cross-listed on 24 November 2026"
        );
        assert_eq!(
            label(AnnounceKind::ReplaceCross, Some(3)),
            "replaced by version 3 on 24 November 2026"
        );
    }
}
