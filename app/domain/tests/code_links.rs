//! Finds the code repository in an abstract.

use domain::paper::code_link;
use proptest::prelude::*;

fn assert_links(cases: &[(&str, &str)]) {
    for (text, url) in cases {
        assert_eq!(code_link(text).as_deref(), Some(*url), "{text}");
    }
}

fn assert_no_link(texts: &[&str]) {
    for text in texts {
        assert_eq!(code_link(text), None, "{text}");
    }
}

#[test]
fn the_first_project_in_a_text_is_its_code() {
    assert_links(&[
        (
            "code at https://github.com/formll/dog",
            "https://github.com/formll/dog",
        ),
        ("(https://github.com/a/b.git).", "https://github.com/a/b"),
        ("see github.com/a/b/tree/main/x, and", "https://github.com/a/b"),
        (
            "https://www.github.com/a/b_c-d.e.",
            "https://github.com/a/b_c-d.e",
        ),
        (
            "https://github.com/sponsors/x then https://gitlab.com/g/p",
            "https://gitlab.com/g/p",
        ),
        ("https://github.com/a/Grace..", "https://github.com/a/Grace"),
        ("https://github.com:443//a/b", "https://github.com/a/b"),
        ("http://https://github.com/a/b", "https://github.com/a/b"),
        ("代码见https://github.com/a/b。谢谢", "https://github.com/a/b"),
        ("https://github.com/a/b上", "https://github.com/a/b"),
        (
            "pip install git+https://github.com/a/b.git@v1.0#egg=b",
            "https://github.com/a/b",
        ),
    ]);
}

#[test]
fn pages_without_a_project_are_not_code() {
    assert_no_link(&[
        "nothing",
        "https://github.com/alice only a user",
        "https://github.com/alice/ only a user",
        "https://github.com/alice/.",
        "https://gist.github.com/a/b",
        "https://raw.github.com/a/b",
        "https://api.github.com/repos/a/b",
        "https://a.github.io/b",
        "https://notgithub.com/a/b",
        "https://github.com.evil.example/a/b",
        "ada@github.com/a/b",
        "https://github.com/features/actions",
        "https://github.com/orgs/a/repositories",
        "https://gitlab.com/users/a",
        "https://gitlab.com/explore/projects",
        "https://bitbucket.org/pepper_qut/ for the software",
        "https://github.com/[your-repo-link]",
        "https://github.com/-a/b",
    ]);
}

#[test]
fn the_host_may_be_in_any_case() {
    assert_links(&[
        (
            "See https://GitHub.com/Ada/Engine and Github.com/Ada/Other.",
            "https://github.com/Ada/Engine",
        ),
        ("Github.com/Ada/Other.", "https://github.com/Ada/Other"),
        (
            "HTTPS://WWW.GITHUB.COM/Ada/Engine.GIT",
            "https://github.com/Ada/Engine",
        ),
        ("https://GitLab.com/Ada/Engine", "https://gitlab.com/Ada/Engine"),
        ("BitBucket.org/Ada/engine", "https://bitbucket.org/Ada/engine"),
    ]);
}

#[test]
fn escapes_are_part_of_the_name() {
    assert_links(&[
        (
            r"Code: https://github.com/ada/deep\_engine_x.",
            "https://github.com/ada/deep_engine_x",
        ),
        (
            r"https://github.com/zyt95579/PDP\_IOD/tree/main Our paper",
            "https://github.com/zyt95579/PDP_IOD",
        ),
        (
            r"https://github.com/ada/show\_suggest\_tell.",
            "https://github.com/ada/show_suggest_tell",
        ),
        (
            r"https://github.com/ada/pca\_segment.git. 12 pages",
            "https://github.com/ada/pca_segment",
        ),
        (r"https://github.com/ada/a{\_}b and", "https://github.com/ada/a_b"),
        (r"https://github.com/ada/a$\_$b", "https://github.com/ada/a_b"),
        (
            r"https://github.com/ada/a\textunderscore{}b",
            "https://github.com/ada/a_b",
        ),
        (
            r"https:\/\/github.com\/ada\/engine",
            "https://github.com/ada/engine",
        ),
        ("https://github.com/ada/a%5Fb", "https://github.com/ada/a_b"),
        ("https://github.com/ada/a&#95;b", "https://github.com/ada/a_b"),
        (
            "https://github.com/ada/deep\u{ad}engine\u{200b}",
            "https://github.com/ada/deepengine",
        ),
        (
            "https://github.com/ada/deep\u{2010}engine",
            "https://github.com/ada/deep-engine",
        ),
    ]);
}

#[test]
fn commands_and_markup_surround_a_url() {
    assert_links(&[
        (r"at \url{https://github.com/a/b}.", "https://github.com/a/b"),
        (r"at~\url{http://www.github.com/a/b}.}", "https://github.com/a/b"),
        (
            r"\href{https://github.com/a/b}{github.com/c/d}",
            "https://github.com/a/b",
        ),
        (
            r"$\href{https://github.com/a/b}{\text{this https URL}}$",
            "https://github.com/a/b",
        ),
        (
            r"\textbf{Code}: https://github.com/a/b}\par {\color{blue}",
            "https://github.com/a/b",
        ),
        (
            r"{\footnotesize https://github.com/a/b.} Accepted",
            "https://github.com/a/b",
        ),
        (
            r"Code\footnote{https://github.com/a/b.git}.",
            "https://github.com/a/b",
        ),
        (r"https://github.com/a/b\footnote{x}", "https://github.com/a/b"),
        (r"https://github.com/a/b\\ Data", "https://github.com/a/b"),
        (r"$https://github.com/a/b$", "https://github.com/a/b"),
        (r"https://github.com/a/b$^1$", "https://github.com/a/b"),
        (r"https://github.com/a/b~\cite{x}", "https://github.com/a/b"),
        ("[code](https://github.com/a/b)", "https://github.com/a/b"),
        ("**https://github.com/a/b**", "https://github.com/a/b"),
        ("_https://github.com/a/b_ here", "https://github.com/a/b"),
        ("`github.com/a/b`", "https://github.com/a/b"),
        (
            r#"<a href="https://github.com/a/b">code</a>"#,
            "https://github.com/a/b",
        ),
        ("“https://github.com/a/b”", "https://github.com/a/b"),
        ("<https://github.com/a/b>", "https://github.com/a/b"),
        (
            r"\href{https://github.com/sunjie279/SimCT-}{here}",
            "https://github.com/sunjie279/SimCT-",
        ),
    ]);
}

#[test]
fn git_addresses_are_links_too() {
    assert_links(&[
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("ssh://git@github.com/a/b.git", "https://github.com/a/b"),
        ("ssh://git@github.com:22/a/b.git", "https://github.com/a/b"),
        ("git://github.com/a/b.git", "https://github.com/a/b"),
        ("git+https://github.com/a/b", "https://github.com/a/b"),
        (
            "git clone git@gitlab.com:g/s/p.git now",
            "https://gitlab.com/g/s/p",
        ),
        ("git@bitbucket.org:a/b.git", "https://bitbucket.org/a/b"),
    ]);
}

#[test]
fn a_gitlab_project_may_be_in_a_subgroup() {
    assert_links(&[
        (
            "Code at https://gitlab.com/group/sub/project/-/tree/main",
            "https://gitlab.com/group/sub/project",
        ),
        (
            "https://gitlab.com/group/sub/project.",
            "https://gitlab.com/group/sub/project",
        ),
        (
            "https://gitlab.com/a/b/c/d/e.git)",
            "https://gitlab.com/a/b/c/d/e",
        ),
        (
            "https://gitlab.com/group/project/tree/master/x",
            "https://gitlab.com/group/project",
        ),
        (
            "https://gitlab.com/group/project/-/issues",
            "https://gitlab.com/group/project",
        ),
        (
            "https://gitlab.com/group/project/ and",
            "https://gitlab.com/group/project",
        ),
        (
            "https://gitlab.com/my.group/project",
            "https://gitlab.com/my.group/project",
        ),
    ]);
    assert_no_link(&[
        "https://gitlab.com/group/-/epics",
        "https://gitlab.com/groups/group/-/epics",
    ]);
}

#[test]
fn codeberg_and_bitbucket_host_code() {
    assert_links(&[
        (
            "https://codeberg.org/ada/engine/src/branch/main",
            "https://codeberg.org/ada/engine",
        ),
        (
            "https://bitbucket.org/caseywdunn/agalma. Agalma",
            "https://bitbucket.org/caseywdunn/agalma",
        ),
        (
            "[http://bitbucket.org/diaorui/issp]",
            "https://bitbucket.org/diaorui/issp",
        ),
        (
            "[1] https://bitbucket.org/bopjesvla/thesis/src",
            "https://bitbucket.org/bopjesvla/thesis",
        ),
    ]);
}

#[test]
fn a_url_broken_over_lines_is_joined_if_it_is_delimited() {
    assert_links(&[
        (
            "\\url{https://github.com/ada/\ndeep-engine}",
            "https://github.com/ada/deep-engine",
        ),
        (
            "\\href{https://github.com/ada/deep-\n  engine}{code}",
            "https://github.com/ada/deep-engine",
        ),
        (
            "<https://github.com/\nada/engine>",
            "https://github.com/ada/engine",
        ),
    ]);
}

#[test]
fn a_name_that_is_cut_off_is_not_used() {
    assert_no_link(&[
        "https://github.com/ada/deep-\nengine",
        "https://github.com/ada/deep_ engine",
        "https://github.com/ada/\nengine",
        "https://github.com/ada/deep...",
        "https://github.com/ada/deep…",
        "https://github.com/ada/deep–engine",
        "https://github.com/ada/größe",
        "https://github.com/ada/DuQuant++.",
        "https://github.com/ada/deep%20engine",
        r"https://github.com/ada/deep\-engine",
        r"https://github.com/ada/deep\foo engine",
        r"https://github.com/ada/deep{x}",
        "https://github.com/ada/deep---the engine",
    ]);
}

#[test]
fn links_after_a_cut_off_name_need_the_same_owner() {
    assert_no_link(&[
        "https://github.com/ada/3d-face- reconstruction Reference: https://github.com/bo/Deep3D",
        "https://github.com/ada/deep… and https://gitlab.com/bo/other",
    ]);
    assert_links(&[
        (
            "https://github.com/ada/deep-\nengine, that is https://github.com/Ada/deep-engine",
            "https://github.com/Ada/deep-engine",
        ),
        (
            "https://github.com/alice and https://github.com/ada/engine",
            "https://github.com/ada/engine",
        ),
    ]);
}

proptest! {
    #[test]
    fn a_link_reads_back_and_is_plain(text in "(https://(www\\.)?(GitHub|gitlab)\\.com[/:]|git@|[a-c./_\\\\{}$ -]|\\PC){0,24}") {
        if let Some(url) = code_link(&text) {
            prop_assert_eq!(code_link(&url), Some(url.clone()));
            prop_assert!(url.is_ascii() && !url.contains([' ', '\\', '{', '}']), "{}", url);
        }
    }
}
