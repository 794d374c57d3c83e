//! Code hosting sites, and which of their URLs are projects.

/// A code hosting site.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// The host name before its last dot.
    pub name: &'static str,
    /// The last part of the host name, with the dot.
    pub top: &'static str,
    /// First path segments reserved by the site, as in `github.com/sponsors/x`.
    own_pages: &'static [&'static str],
    /// Whether groups can contain groups.
    pub has_subgroups: bool,
}

/// The supported sites.
pub(super) const HOSTS: [Host; 4] = [
    Host {
        name: "github",
        top: ".com",
        own_pages: &[
            "about",
            "apps",
            "codespaces",
            "collections",
            "contact",
            "customer-stories",
            "enterprise",
            "events",
            "explore",
            "features",
            "issues",
            "join",
            "login",
            "marketplace",
            "new",
            "notifications",
            "organizations",
            "orgs",
            "pricing",
            "pulls",
            "readme",
            "search",
            "security",
            "settings",
            "site",
            "sponsors",
            "stars",
            "topics",
            "trending",
            "users",
        ],
        has_subgroups: false,
    },
    Host {
        name: "gitlab",
        top: ".com",
        own_pages: &[
            "-",
            "api",
            "dashboard",
            "explore",
            "groups",
            "help",
            "search",
            "snippets",
            "users",
        ],
        has_subgroups: true,
    },
    Host {
        name: "codeberg",
        top: ".org",
        own_pages: &["api", "assets", "explore", "issues", "org", "pulls", "user"],
        has_subgroups: false,
    },
    Host {
        name: "bitbucket",
        top: ".org",
        own_pages: &[
            "account",
            "api",
            "blog",
            "dashboard",
            "product",
            "repo",
            "snippets",
            "workspaces",
        ],
        has_subgroups: false,
    },
];

/// Path segments of pages inside a GitLab project. GitLab does not allow them as names (its documentation, "Reserved project
/// and group names").
const GITLAB_ROUTES: [&str; 17] = [
    "-",
    "badges",
    "blame",
    "blob",
    "builds",
    "commit",
    "commits",
    "edit",
    "files",
    "issues",
    "merge_requests",
    "new",
    "raw",
    "refs",
    "tree",
    "update",
    "wikis",
];

impl Host {
    /// Whether a first path segment can be a user or a group.
    pub fn is_owner(&self, text: &str) -> bool {
        let is_named_well = match self.name {
            "github" => text.len() <= 39 && !text.contains('.'),
            _ => text.len() <= 255 && !text.starts_with('.') && !text.ends_with('.'),
        };
        let is_own_page = self.own_pages.iter().any(|page| text.eq_ignore_ascii_case(page));
        is_named_well && !is_own_page && !text.is_empty() && !text.starts_with('-')
    }

    /// Whether a path segment belongs to a page of the project, so that the project ends before it.
    pub fn is_route(&self, text: &str) -> bool {
        self.has_subgroups && GITLAB_ROUTES.contains(&text)
    }
}
