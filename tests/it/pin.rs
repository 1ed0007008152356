//! What the server's pages show where the app has said that there is a PIN, and the plain page that
//! Hide leaves on the screen.

use crate::{
    desk::{Desk, page},
    site::Site,
};

/// A joined member's browser; `also` is what the app has put beside their cookie.
async fn browser<'a>(site: &'a Site, also: &str) -> Desk<'a> {
    let phone = site.joined("STAR-1").await;
    let cookie = phone.cookie.clone().expect("a joined member's cookie");
    Desk {
        site,
        cookie: Some(cookie + also),
    }
}

#[tokio::test]
async fn where_there_is_a_pin_no_page_shows_the_team_or_a_form_that_sends_as_the_member() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-1").await;
    for (cookie, shows) in [
        ("", true),
        ("; pin=0", true),
        ("; spin=1", true),
        ("; pin=1", false),
        ("; other=2; pin=1; more=3", false),
    ] {
        let mut browser = browser(&site, cookie).await;
        for path in ["/check-in", "/", "/my-phone", "/join"] {
            let html = page(&browser.open(path).await);
            assert_eq!(html.contains("Harbour team"), shows, "{cookie} {path}");
        }
        let check_in = page(&browser.open("/check-in").await);
        assert_eq!(check_in.contains("name=\"form_id\""), shows, "{cookie}");
    }
}

#[tokio::test]
async fn today_still_says_that_someone_joined_so_that_a_plain_join_is_taken_over() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-1").await;
    let mut browser = browser(&site, "; pin=1").await;
    assert!(page(&browser.open("/").await).contains("\"joined\":true"));
    assert!(page(&browser.open("/check-in").await).contains("\"joined\":false"));
}

#[tokio::test]
async fn the_plain_page_names_nothing_of_chorus_and_runs_nothing() {
    let site = Site::new().await;
    site.team("Harbour team", "STAR-1").await;
    let answer = browser(&site, "").await.open("/notes").await;
    assert_eq!(answer.status, 200);
    let html = page(&answer).to_lowercase();
    for word in [
        "chorus", "help", "check", "harbour", "<script", "mental", "manifest",
    ] {
        assert!(!html.contains(word), "{word}");
    }
    assert!(html.contains("<title>notes</title>"));
}
