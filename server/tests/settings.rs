//! How a reader reads: marks, mutes and densities, as a browser without JavaScript does it and as somebody with bad
//! intentions does.

mod common;

use axum::http::{StatusCode, header};
use common::House;
use domain::listing::{FIRST_PAGE, PAGE_SIZE};

const PAPER: &str = "2510.20838";

/// The card of a paper as it stands in the whole list of one who asks with this cookie.
async fn card(house: &House, cookie: &str, paper: &str) -> String {
    let answer = house
        .get_with(&format!("/?q={paper}"), &[("cookie", cookie)])
        .await;
    // A search for an identifier leads to its page; there the button is.
    let page = house.get_with(answer.location(), &[("cookie", cookie)]).await;
    page.body
}

#[tokio::test]
async fn a_paper_is_marked_as_read_by_the_button_of_its_card_and_unmarked_by_the_same() {
    let house = House::with_the_sample().await;
    let first = house.get("/").await;
    let paper = first.cards()[0].clone();
    let marked = house
        .post(
            "/fn/mark_read",
            &format!("paper={paper}&bookmarked=true&read=true"),
            &[("referer", "http://localhost:3000/?sort=trending")],
        )
        .await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.body);
    assert_eq!(marked.location(), format!("/?sort=trending#paper-{paper}"));
    let cookie = marked.cookie("reader").expect("a reader is made");
    let list = house.get_with("/", &[("cookie", &cookie)]).await;
    let article = &list.articles()[0];
    assert!(article.contains("is-read"), "{article}");
    assert!(article.contains(r#"name="read" value="false""#), "{article}");
    assert_eq!(house.kept(&cookie).await, 0, "reading is not keeping");
    assert!(
        !house.get("/").await.articles()[0].contains("is-read"),
        "nobody else sees it"
    );

    let unmarked = house
        .post(
            "/fn/mark_read",
            &format!("paper={paper}&read=false"),
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(unmarked.status, StatusCode::SEE_OTHER);
    let list = house.get_with("/", &[("cookie", &cookie)]).await;
    assert!(!list.articles()[0].contains("is-read"));
}

#[tokio::test]
async fn the_button_under_a_page_marks_all_of_it_and_takes_it_back() {
    let house = House::with_the_sample().await;
    let page = house.get("/?sort=new").await;
    let papers = page.cards();
    let asked = format!(r#"name="papers" value="{}""#, papers.join(" "));
    page.assert_says(&asked);
    let body = format!("papers={}&read=true&back=/?sort=new", papers.join("+"));
    let marked = house.post("/fn/mark_read", &body, &[]).await;
    let cookie = marked.cookie("reader").expect("a reader is made");
    let list = house.get_with("/?sort=new", &[("cookie", &cookie)]).await;
    assert!(list.articles().iter().all(|article| article.contains("is-read")));
    list.assert_says("Mark all above as unread");
    let next = list.next().expect("a second page");
    let second = house.get_with(&next, &[("cookie", &cookie)]).await;
    assert!(
        second
            .articles()
            .iter()
            .all(|article| !article.contains("is-read"))
    );
    second.assert_says("Mark all above as read");
}

#[tokio::test]
async fn marks_refuse_what_is_no_paper_and_make_no_reader_for_nothing() {
    let house = House::with_the_sample().await;
    for (body, words) in [
        ("read=true", "No paper was named"),
        ("papers=..%2Fx&read=true", "../x"),
    ] {
        let answer = house.post_as_script("/fn/mark_read", body, &[]).await;
        answer.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, words);
        assert_eq!(answer.header(header::SET_COOKIE), "");
    }
    let nobody = house
        .post_as_script("/fn/mark_read", &format!("paper={PAPER}&read=false"), &[])
        .await;
    assert_eq!(
        (nobody.status, nobody.header(header::SET_COOKIE)),
        (StatusCode::OK, "")
    );
    // A name in good order that no paper has changes nothing.
    let unknown = house
        .post_as_script("/fn/mark_read", "papers=2512.99999&read=true", &[])
        .await;
    assert_eq!(unknown.status, StatusCode::OK);
    let foreign = house
        .post_as_script(
            "/fn/mark_read",
            &format!("paper={PAPER}&read=true"),
            &[("origin", "https://evil.example")],
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_from_the_cache_learns_how_its_papers_stand() {
    let house = House::with_the_sample().await;
    let cookie = house.reader_with(PAPER).await;
    house
        .post(
            "/fn/mark_read",
            &format!("paper={PAPER}&read=true"),
            &[("cookie", &cookie)],
        )
        .await;
    let ask = "papers=2510.20838+2510.06062+2512.99999";
    let stands = house
        .post_as_script("/fn/reader_states", ask, &[("cookie", &cookie)])
        .await;
    let stands: serde_json::Value = serde_json::from_str(&stands.body).expect("JSON");
    let of = |paper: &str| {
        let stand = stands
            .as_array()
            .expect("a list")
            .iter()
            .find(|stand| stand["paper"] == paper);
        stand.map(|stand| (stand["bookmarked"] == true, stand["read"] == true))
    };
    assert_eq!(of(PAPER), Some((true, true)));
    assert_eq!(of("2510.06062"), None, "neither kept nor read");
    assert_eq!(of("2512.99999"), None);
    let stranger = house.post_as_script("/fn/reader_states", ask, &[]).await;
    assert_eq!((stranger.status, stranger.body.as_str()), (StatusCode::OK, "[]"));
    assert!(
        card(&house, &cookie, PAPER)
            .await
            .contains(r#"name="read" value="false" aria-pressed="true""#)
    );
}

#[tokio::test]
async fn a_first_page_is_short_unless_more_on_a_screen_was_asked_for() {
    let house = House::with_the_sample().await;
    for (cookie, count) in [
        ("", FIRST_PAGE),
        ("density=comfortable", FIRST_PAGE),
        ("density=huge", FIRST_PAGE),
        ("density=compact", PAGE_SIZE),
        ("density=titles", PAGE_SIZE),
    ] {
        let page = house.get_with("/?sort=new", &[("cookie", cookie)]).await;
        assert_eq!(page.cards().len(), count, "{cookie}");
        // What follows goes on behind it, whatever its size was.
        let next = page.next().expect("more papers");
        let more = house.get_with(&next, &[("cookie", cookie)]).await;
        assert_eq!(more.cards().len(), PAGE_SIZE, "{cookie}");
        assert!(more.cards().iter().all(|id| !page.cards().contains(id)));
    }
}

#[tokio::test]
async fn muted_papers_are_folded_counted_and_say_why() {
    let house = House::with_the_sample().await;
    let saved = house
        .post(
            "/fn/set_reading",
            "mutes=all&words=Language-Model%0D%0A+zzz+&categories=cs.cv&density=compact&marking=scroll&back=/reading?saved",
            &[],
        )
        .await;
    assert_eq!(
        (saved.status, saved.location()),
        (StatusCode::SEE_OTHER, "/reading?saved")
    );
    let reader = saved.cookie("reader").expect("a reader is made");
    let cookie = format!("{reader}; density=compact; marking=scroll");
    let list = house.get_with("/", &[("cookie", &cookie)]).await;
    list.assert_says(r#"data-density="compact""#);
    list.assert_says(r#"data-marking="scroll""#);
    let muted = list
        .articles()
        .iter()
        .filter(|article| article.contains("is-muted"))
        .count();
    assert!(muted > 0);
    list.assert_says(&format!(r#"<span class="number">{muted}</span> muted: "#));
    list.assert_says("Muted: Language-Model");
    assert_eq!(
        list.cards().len(),
        house
            .get_with("/", &[("cookie", "density=compact")])
            .await
            .cards()
            .len(),
        "none is taken away"
    );
    let page = house.get_with("/reading?saved", &[("cookie", &cookie)]).await;
    page.assert_says("Language-Model\nzzz</textarea>");
    page.assert_says(r#"value="cs.CV""#);
    page.assert_says("Saved.");

    // The switch over a list changes only what it is for.
    let switched = house
        .post("/fn/set_reading", "density=titles", &[("cookie", &cookie)])
        .await;
    assert_eq!(switched.cookie("density").as_deref(), Some("density=titles"));
    assert_eq!(switched.cookie("marking"), None);
    let page = house.get_with("/reading", &[("cookie", &cookie)]).await;
    page.assert_says("Language-Model\nzzz</textarea>");

    let emptied = house
        .post(
            "/fn/set_reading",
            "mutes=all&words=&categories=",
            &[("cookie", &cookie)],
        )
        .await;
    assert_eq!(emptied.status, StatusCode::SEE_OTHER);
    let list = house.get_with("/", &[("cookie", &cookie)]).await;
    assert!(!list.says("is-muted") && !list.says("muted-line"));
}

#[tokio::test]
async fn what_cannot_be_muted_comes_back_with_what_was_typed() {
    let house = House::with_the_sample().await;
    let refused = house
        .post(
            "/fn/set_reading",
            "mutes=all&words=fine%0A%3C%2Ftextarea%3E%3Cscript%3E&categories=nonsense9",
            &[],
        )
        .await;
    refused.assert_error(StatusCode::UNPROCESSABLE_ENTITY, "nonsense9");
    refused.assert_says("fine\n&lt;/textarea&gt;&lt;script&gt;</textarea>");
    assert_eq!(refused.cookie("reader"), None);
    let unknown = house.post_as_script("/fn/set_reading", "density=huge", &[]).await;
    unknown.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "huge");
    let page = house
        .get_with("/", &[("cookie", "density=%22%3E; marking=x")])
        .await;
    assert!(!page.says("data-density") && !page.says("data-marking"));
}
