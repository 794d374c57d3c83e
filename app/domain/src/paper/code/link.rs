//! Finds the code repository in a text.
//!
//! A wrong repository is worse than none: it would show the stars of an unrelated project. A name must therefore end where a
//! URL can end. A name that seems to be cut off is not used, and after it only links with the same owner count.

use super::{
    host::{HOSTS, Host},
    url_text::url_text,
};

/// The longest project name, in bytes: GitHub's limit.
const MOST_NAME_BYTES: usize = 100;
/// GitLab's limit for nested groups.
const MOST_GROUPS: usize = 20;

/// Finds the code repository that a text names: the first project URL on GitHub, GitLab, Codeberg or Bitbucket. User
/// pages, gists and the sites' own pages do not count. The result has the scheme `https`, the host in lower
/// case, and nothing after the project.
pub fn code_link(text: &str) -> Option<String> {
    if !names_host(text) {
        return None;
    }
    let text = url_text(text);
    let lower = text.to_ascii_lowercase();
    let mut cut_owner: Option<String> = None;
    for (dot, _) in lower.match_indices('.') {
        let Some((host, project)) = project_at(&text, &lower, dot) else {
            continue;
        };
        let is_theirs = cut_owner
            .as_ref()
            .is_none_or(|owner| owner.eq_ignore_ascii_case(project.owner));
        match project.path {
            Some(path) if is_theirs => return Some(format!("https://{}{}/{path}", host.name, host.top)),
            Some(_) => {}
            None => cut_owner = cut_owner.or_else(|| Some(project.owner.to_owned())),
        }
    }
    None
}

/// Whether the text contains the name of a code host. Most texts contain none.
fn names_host(text: &str) -> bool {
    let mut lower = if text.is_ascii() {
        text.to_owned()
    } else {
        text.chars().map(crate::pasted_text::ascii_width).collect()
    };
    lower.make_ascii_lowercase();
    HOSTS.iter().any(|host| lower.contains(host.name))
}

/// The project that a URL names.
struct Project<'a> {
    /// The user or the group.
    owner: &'a str,
    /// `owner/name`, with more segments for nested groups; `None` if the name seems to be cut off.
    path: Option<String>,
}

/// The project of the URL whose host name has its last dot at `dot`.
fn project_at<'a>(text: &'a str, lower: &str, dot: usize) -> Option<(&'static Host, Project<'a>)> {
    let host = HOSTS
        .iter()
        .find(|host| lower[..dot].ends_with(host.name) && lower[dot..].starts_with(host.top))?;
    let before = &text[..dot - host.name.len()];
    let (path, marked) = path_of(before, &text[dot + host.top.len()..])?;
    Some((host, project(host, path, marked)?))
}

/// The path of a URL whose host is between these two texts, and whether an underscore before the URL means that one
/// after it is Markdown. `None` if the host is part of another name, such as `gist.github.com`, or of an email address.
fn path_of<'a>(before: &str, after: &'a str) -> Option<(&'a str, bool)> {
    let www = before.len().saturating_sub("www.".len());
    let mut before = match before.get(www..) {
        Some(start) if start.eq_ignore_ascii_case("www.") => &before[..www],
        _ => before,
    };
    // `git@github.com:a/b.git` and `ssh://git@github.com/a/b`.
    let is_ssh = before.ends_with("git@");
    if is_ssh {
        before = &before[..before.len() - "git@".len()];
    }
    if before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@')) {
        return None;
    }
    let path = match after.strip_prefix(':') {
        Some(rest) => {
            let past_port = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            match past_port.strip_prefix('/') {
                Some(path) if before.ends_with("://") => path,
                _ if is_ssh => rest,
                _ => return None,
            }
        }
        None => after.strip_prefix('/')?,
    };
    let url = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '+'));
    Some((path.trim_start_matches('/'), url.ends_with('_')))
}

/// A path segment, and the rest of the path.
fn part(path: &str) -> (&str, &str) {
    let end = path
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(path.len());
    path.split_at(end)
}

/// The project of a path; `None` for a page of a user or of the site.
fn project<'a>(host: &Host, path: &'a str, marked: bool) -> Option<Project<'a>> {
    let (owner, rest) = part(path);
    if !host.is_owner(owner) {
        return None;
    }
    let mut path = owner.to_owned();
    let mut rest = rest.strip_prefix('/')?.trim_start_matches('/');
    let most = if host.has_subgroups { MOST_GROUPS } else { 1 };
    for depth in 0..most {
        let (raw, after) = part(rest);
        let is_nothing = raw.trim_matches('.').is_empty();
        let is_page = host.is_route(raw) && !after.starts_with(char::is_alphanumeric);
        if is_nothing || is_page {
            if depth == 0 {
                return None;
            }
            break;
        }
        let Some(name) = name(raw, after, marked) else {
            return Some(Project { owner, path: None });
        };
        path.push('/');
        path.push_str(name);
        match after.strip_prefix('/') {
            Some(more) => rest = more,
            None => break,
        }
    }
    Some(Project {
        owner,
        path: Some(path),
    })
}

/// The project name as written, if `after` follows it; `None` if the name is incomplete.
fn name<'a>(raw: &'a str, after: &str, marked: bool) -> Option<&'a str> {
    // Three dots mean omitted text, and three hyphens are a dash.
    let is_whole = ends_url(after) && !raw.ends_with("...") && !raw.contains("---");
    let mut following = after.chars();
    let is_broken = raw.ends_with(['-', '_'])
        && following.next().is_some_and(char::is_whitespace)
        && following
            .find(|c| !c.is_whitespace())
            .is_some_and(char::is_alphanumeric)
        && !(marked && raw.ends_with('_'));
    if !is_whole || is_broken {
        return None;
    }
    let name = raw.trim_end_matches('.');
    let name = if marked {
        name.strip_suffix('_').unwrap_or(name)
    } else {
        name
    };
    let git = name.len().saturating_sub(".git".len());
    let name = match name.get(git..) {
        Some(end) if end.eq_ignore_ascii_case(".git") => name[..git].trim_end_matches('.'),
        _ => name,
    };
    (1..=MOST_NAME_BYTES).contains(&name.len()).then_some(name)
}

/// Whether a URL can end before this text. It cannot end before a letter that project names do not allow or before an
/// unknown TeX command: the name would be cut off.
fn ends_url(after: &str) -> bool {
    let mut chars = after.chars();
    let Some(first) = chars.next() else {
        return true;
    };
    let next = chars.next();
    let continues = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '\\'));
    match first {
        '\\' => {
            !next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-') || is_command_after_url(&after[1..])
        }
        '$' => !continues(next),
        '&' => next != Some('#'),
        '=' | '+' | '%' | '{' => false,
        // An ellipsis means omitted text.
        '…' => false,
        // A dash between letters may be a typeset hyphen.
        '\u{2012}'..='\u{2015}' | '\u{2212}' => !continues(next),
        // Chinese and Japanese have no spaces. Other scripts do, so this is part of a longer word.
        c if c.is_alphabetic() => c >= '\u{2e80}',
        _ => true,
    }
}

/// Whether a text begins with a TeX command that often follows a URL.
fn is_command_after_url(text: &str) -> bool {
    const COMMANDS: [&str; 10] = [
        "par",
        "newline",
        "linebreak",
        "footnote",
        "footnotemark",
        "cite",
        "citep",
        "quad",
        "qquad",
        "thanks",
    ];
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    COMMANDS.contains(&&text[..end])
}
