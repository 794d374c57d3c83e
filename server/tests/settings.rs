//! Read marks, mutes and densities: as a browser without JavaScript uses them, and as an attacker does.

mod common;

use axum::http::{StatusCode, header};
use common::Broadsheet;
use domain::listing::{FIRST_PAGE, PAGE_SIZE};

const PAPER: &str = "2510.20838";

/// The card of a paper, as the reader of this cookie sees it.
async fn card(broadsheet: &Broadsheet, cookie: &str, paper: &str) -> String {
    let answer = broadsheet
        .get_with(&format!("/?q={paper}"), &[("cookie", cookie)])
        .await;
    // A search for an identifier redirects to the paper's page, which has the button.
    let page = broadsheet
        .get_with(answer.location(), &[("cookie", cookie)])
        .await;
    page.body
}

#[tokio::test]
async fn the_button_of_a_card_marks_its_paper_as_read_and_as_unread() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let first = broadsheet.get("/").await;
    let paper = first.cards()[0].clone();
    let marked = broadsheet
        .post(
            "/fn/mark_read",
            &format!("paper={paper}&bookmarked=true&read=true"),
            &[("referer", "http://localhost:3000/?sort=trending")],
        )
        .await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.body);
    assert_eq!(marked.location(), format!("/?sort=trending#paper-{paper}"));
    let cookie = marked.cookie("reader").expect("a reader is made");
    let list = broadsheet.get_with("/", &[("cookie", &cookie)]).await;
    let article = &list.articles()[0];
    assert!(article.contains("is-read"), "{article}");
    assert!(article.contains(r#"name="read" value="false""#), "{article}");
    assert_eq!(broadsheet.kept(&cookie).await, 0, "a read mark is no bookmark");
    assert!(
        !broadsheet.get("/").await.articles()[0].contains("is-read"),
        "other readers do not see it"
    );

    let unmarked = broadsheet
        .post(
            "/fn/mark_read",
            &format!("paper={paper}&read=false"),
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(unmarked.status, StatusCode::SEE_OTHER);
    let list = broadsheet.get_with("/", &[("cookie", &cookie)]).await;
    assert!(!list.articles()[0].contains("is-read"));
}

#[tokio::test]
async fn the_button_under_a_page_marks_all_its_papers_as_read_and_as_unread() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let page = broadsheet.get("/?sort=new").await;
    let papers = page.cards();
    let asked = format!(r#"name="papers" value="{}""#, papers.join(" "));
    page.assert_says(&asked);
    let body = format!("papers={}&read=true&back=/?sort=new", papers.join("+"));
    let marked = broadsheet.post("/fn/mark_read", &body, &[]).await;
    let cookie = marked.cookie("reader").expect("a reader is made");
    let list = broadsheet.get_with("/?sort=new", &[("cookie", &cookie)]).await;
    assert!(list.articles().iter().all(|article| article.contains("is-read")));
    list.assert_says("Mark all as unread");
    let next = list.next().expect("a second page");
    let second = broadsheet.get_with(&next, &[("cookie", &cookie)]).await;
    assert!(
        second
            .articles()
            .iter()
            .all(|article| !article.contains("is-read"))
    );
    second.assert_says("Mark all as read");
}

#[tokio::test]
async fn marks_refuse_invalid_papers_and_create_no_reader_needlessly() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (body, words) in [
        ("read=true", "No paper was named"),
        ("papers=..%2Fx&read=true", "../x"),
    ] {
        let answer = broadsheet.post_as_script("/fn/mark_read", body, &[]).await;
        answer.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, words);
        assert_eq!(answer.header(header::SET_COOKIE), "");
    }
    let nobody = broadsheet
        .post_as_script("/fn/mark_read", &format!("paper={PAPER}&read=false"), &[])
        .await;
    assert_eq!(
        (nobody.status, nobody.header(header::SET_COOKIE)),
        (StatusCode::OK, "")
    );
    // A valid key that no paper has changes nothing.
    let unknown = broadsheet
        .post_as_script("/fn/mark_read", "papers=2512.99999&read=true", &[])
        .await;
    assert_eq!(unknown.status, StatusCode::OK);
    let foreign = broadsheet
        .post_as_script(
            "/fn/mark_read",
            &format!("paper={PAPER}&read=true"),
            &[("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_from_the_cache_can_ask_for_the_states_of_its_papers() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let cookie = broadsheet.reader_with(PAPER).await;
    broadsheet
        .post(
            "/fn/mark_read",
            &format!("paper={PAPER}&read=true"),
            &[("cookie", &cookie)],
        )
        .await;
    let ask = "papers=2510.20838+2510.06062+2512.99999";
    let answer = broadsheet
        .post_as_script("/fn/reader_states", ask, &[("cookie", &cookie)])
        .await;
    let states: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let of = |paper: &str| {
        let state = states
            .as_array()
            .expect("a list")
            .iter()
            .find(|state| state["paper"] == paper);
        state.map(|state| (state["bookmarked"] == true, state["read"] == true))
    };
    assert_eq!(of(PAPER), Some((true, true)));
    assert_eq!(of("2510.06062"), None, "neither bookmarked nor read");
    assert_eq!(of("2512.99999"), None);
    let stranger = broadsheet.post_as_script("/fn/reader_states", ask, &[]).await;
    assert_eq!((stranger.status, stranger.body.as_str()), (StatusCode::OK, "[]"));
    assert!(
        card(&broadsheet, &cookie, PAPER)
            .await
            .contains(r#"name="read" value="false" aria-pressed="true""#)
    );
}

#[tokio::test]
async fn the_first_page_is_short_unless_a_denser_list_was_chosen() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (cookie, count) in [
        ("", FIRST_PAGE),
        ("density=comfortable", FIRST_PAGE),
        ("density=huge", FIRST_PAGE),
        ("density=compact", PAGE_SIZE),
        ("density=titles", PAGE_SIZE),
    ] {
        let page = broadsheet.get_with("/?sort=new", &[("cookie", cookie)]).await;
        assert_eq!(page.cards().len(), count, "{cookie}");
        // The second page continues after the first, whatever its size.
        let next = page.next().expect("more papers");
        let more = broadsheet.get_with(&next, &[("cookie", cookie)]).await;
        assert_eq!(more.cards().len(), PAGE_SIZE, "{cookie}");
        assert!(more.cards().iter().all(|id| !page.cards().contains(id)));
    }
}

#[tokio::test]
async fn muted_papers_are_hidden_counted_and_name_their_mute() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let saved = broadsheet
        .post(
            "/fn/set_settings",
            "mutes=all&words=Language-Model%0D%0A+zzz+&categories=cs.cv&density=compact&marking=scroll&back=/settings?saved",
            &[],
        )
        .await;
    assert_eq!(
        (saved.status, saved.location()),
        (StatusCode::SEE_OTHER, "/settings?saved")
    );
    let reader = saved.cookie("reader").expect("a reader is made");
    let cookie = format!("{reader}; density=compact; marking=scroll");
    let list = broadsheet.get_with("/", &[("cookie", &cookie)]).await;
    list.assert_says(r#"data-density="compact""#);
    list.assert_says(r#"data-marking="scroll""#);
    let muted = list
        .articles()
        .iter()
        .filter(|article| article.contains("is-muted"))
        .count();
    assert!(muted > 0);
    list.assert_says(&format!(r#"<span class="number">{muted}</span> muted · "#));
    list.assert_says("Muted: Language-Model");
    assert_eq!(
        list.cards().len(),
        broadsheet
            .get_with("/", &[("cookie", "density=compact")])
            .await
            .cards()
            .len(),
        "muted papers stay in the page"
    );
    let page = broadsheet
        .get_with("/settings?saved", &[("cookie", &cookie)])
        .await;
    page.assert_says("Language-Model\nzzz</textarea>");
    page.assert_says(r#"value="cs.CV""#);
    page.assert_says("Saved.");

    // The buttons over a list change only the density.
    let switched = broadsheet
        .post("/fn/set_settings", "density=titles", &[("cookie", &cookie)])
        .await;
    assert_eq!(switched.cookie("density").as_deref(), Some("density=titles"));
    assert_eq!(switched.cookie("marking"), None);
    let page = broadsheet.get_with("/settings", &[("cookie", &cookie)]).await;
    page.assert_says("Language-Model\nzzz</textarea>");

    let emptied = broadsheet
        .post(
            "/fn/set_settings",
            "mutes=all&words=&categories=",
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(emptied.status, StatusCode::SEE_OTHER);
    let list = broadsheet.get_with("/", &[("cookie", &cookie)]).await;
    assert!(!list.says("is-muted") && !list.says("muted-line"));
}

#[tokio::test]
async fn an_invalid_mute_is_refused_and_the_form_keeps_what_was_typed() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let refused = broadsheet
        .post(
            "/fn/set_settings",
            "mutes=all&words=fine%0A%3C%2Ftextarea%3E%3Cscript%3E&categories=nonsense9",
            &[],
        )
        .await;
    refused.assert_error(StatusCode::UNPROCESSABLE_ENTITY, "nonsense9");
    refused.assert_says("fine\n&lt;/textarea&gt;&lt;script&gt;</textarea>");
    assert_eq!(refused.cookie("reader"), None);
    let unknown = broadsheet
        .post_as_script("/fn/set_settings", "density=huge", &[])
        .await;
    unknown.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "huge");
    let page = broadsheet
        .get_with("/", &[("cookie", "density=%22%3E; marking=x")])
        .await;
    assert!(!page.says("data-density") && !page.says("data-marking"));
}

#[tokio::test]
async fn addresses_of_earlier_releases_redirect_and_keep_their_query() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for (old, new) in [
        ("/views", "/searches"),
        ("/views.opml", "/searches.opml"),
        ("/reading", "/settings"),
        ("/reading?saved", "/settings?saved"),
    ] {
        let answer = broadsheet.get(old).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::MOVED_PERMANENTLY, new)
        );
    }
}

#[tokio::test]
async fn an_open_page_of_the_previous_release_still_works() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let saved = broadsheet
        .post("/fn/save_view", "view=%3Fq%3Ddiffusion&back=/views", &[])
        .await;
    assert_eq!(
        (saved.status, saved.location()),
        (StatusCode::SEE_OTHER, "/views")
    );
    let cookie = saved.cookie("reader").expect("a reader");
    let mine = [("cookie", cookie.as_str())];
    broadsheet
        .get_with("/searches", &mine)
        .await
        .assert_says("1 search<");
    let id = broadsheet
        .state
        .store
        .known_search(&domain::ListingQuery::parse("?q=diffusion").expect("a search"))
        .await
        .expect("an answer")
        .expect("a known search")
        .0;
    broadsheet
        .post("/fn/drop_view", &format!("view={id}"), &mine)
        .await;
    broadsheet
        .get_with("/searches", &mine)
        .await
        .assert_says("No saved searches yet");
    let states = broadsheet
        .post_as_script("/fn/standings", "papers=2510.20838", &mine)
        .await;
    assert_eq!((states.status, states.body.as_str()), (StatusCode::OK, "[]"));
    let density = broadsheet.post("/fn/set_reading", "density=titles", &mine).await;
    assert_eq!(density.cookie("density").as_deref(), Some("density=titles"));
}
