//! The poster of an opportunity: when there can be one, what is on it, and where its address leads whom.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    forms::data,
    held::adds,
    programme::{WHOLE, path, published, shows, starts},
    site::{Phone, Site},
};
use app::domain::id::OpportunityId;
use axum::http::Method;
use server::db::staff::Role;
use uuid::Uuid;

const ABOUT: &str = "contact=Dee%2C+01632+960+101&travel=We+pay+buses&travel_first=yes\
    &thank_you=A+voucher&access=Step-free&talk_to=Dee";

fn poster(id: OpportunityId, code: &str) -> String {
    format!("{}/poster?code={code}", path(id))
}

/// The way that a poster's address goes.
fn way(id: OpportunityId, code: &str) -> String {
    let id = id.to_string();
    format!("/join/{code}/{}", &id[id.len() - 6..])
}

/// A browser of somebody new.
fn somebody(site: &Site) -> Desk<'_> {
    Desk { site, cookie: None }
}

/// What the picture on a page says.
fn seen_by_a_camera(page: &str) -> String {
    const SQUARE: usize = 4;
    let (_, svg) = page.split_once("<svg class=\"qr\" viewBox=\"0 0 ").unwrap();
    let size: usize = svg.split(' ').next().unwrap().parse().unwrap();
    let (_, path) = svg.split_once("<path d=\"").unwrap();
    let mut dark = vec![false; size * size];
    // Run by run: `M4 4h7v1h-7z`.
    for run in path.split('"').next().unwrap().split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (long, _) = rest.split_once('v').unwrap();
        let [x, y, long]: [usize; 3] = [x, y, long].map(|it| it.parse().unwrap());
        dark[y * size + x..y * size + x + long].fill(true);
    }
    let light = |x: usize, y: usize| u8::from(!dark[y / SQUARE * size + x / SQUARE]) * 255;
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(size * SQUARE, size * SQUARE, light);
    picture.detect_grids()[0].decode().unwrap().1
}

#[tokio::test]
async fn a_poster_says_what_when_where_and_whom_to_ask_and_has_an_address_for_a_camera() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let id = published(&mut priya, ABOUT).await;
    adds(&mut priya, id, "link=https%3A%2F%2Fmeet.example+4102").await;
    let one = priya.read(&path(id)).await;
    assert!(one.contains(&format!("href=\"{}/poster\"", path(id))));

    let choose = priya.read(&format!("{}/poster", path(id))).await;
    assert!(choose.contains("value=\"STAR1\"") && !choose.contains("<svg class=\"qr\""));
    let sheet = priya.read(&poster(id, "STAR1")).await;
    for said in [
        "Kinder letters",
        "We read",
        "Tuesday 13 March, 6pm to 7.30pm",
        "Harbour House",
        "We pay buses",
        "We can pay it before the day.",
        "A voucher",
        "Step-free",
        "Dee, before and after.",
        "Dee, 01632 960 101",
        "STAR-1",
        "<svg class=\"qr\"",
    ] {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }
    let (_, typed) = sheet.split_once("localhost/<wbr>").unwrap();
    let (_, typed) = typed.split_once('>').unwrap();
    assert_eq!(typed.split('<').next(), way(id, "STAR-1").strip_prefix('/'));
    let seen = seen_by_a_camera(&sheet);
    assert_eq!(seen, format!("http://localhost{}", way(id, "STAR-1")));
    // Others read a wall too.
    assert!(!sheet.contains("meet.example") && !sheet.contains(">Harbour<"));
}

#[tokio::test]
async fn of_many_sessions_the_next_are_named_and_a_place_that_differs_stands_with_each() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let id = published(&mut ada, "").await;
    let sheet = ada.read(&poster(id, "STAR1")).await;
    assert!(sheet.contains("Dates come soon."), "{sheet}");
    adds(&mut ada, id, "repeat=1&repeat_times=5").await;
    let sheet = ada.read(&poster(id, "STAR1")).await;
    assert!(sheet.contains("3 April") && !sheet.contains("10 April"));
    assert!(sheet.contains("And more after that."));
    assert_eq!(sheet.matches("Harbour House").count(), 1);
    adds(&mut ada, id, "day=2040-03-01&place=Quay").await;
    let sheet = ada.read(&poster(id, "STAR1")).await;
    assert!(sheet.contains("1 March, 6pm to 7.30pm. In person, Quay."));
    assert!(sheet.contains("fits one A4 page") && !sheet.contains("longest"));
    let much = "Words+and+more+words.+".repeat(60);
    let long = starts(&mut ada, "Kinder letters").await;
    shows(&mut ada, long, &WHOLE.replace("We+read", &much)).await;
    let sheet = ada.read(&poster(long, "STAR1")).await;
    assert!(sheet.contains("poster for-one longest") && sheet.contains("Fewer words"));
    let read = published(&mut ada, "comment_only=yes&contact=Dee").await;
    let sheet = ada.read(&poster(read, "STAR1")).await;
    assert!(sheet.contains("There is nothing to come to."));
}

#[tokio::test]
async fn only_what_is_open_to_members_has_one_and_the_desk_says_kindly_why() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let draft = starts(&mut ada, "Kinder letters").await;
    let paused = published(&mut ada, "").await;
    let closed = published(&mut ada, "").await;
    for (id, step) in [(paused, "pause"), (closed, "close")] {
        let step = format!("step={step}");
        let answer = ada.post(&format!("{}/step", path(id)), &step).await;
        assert_eq!(answer.status, 303);
    }
    for (id, why) in [
        (draft, "Only staff see this yet"),
        (paused, "closed door"),
        (closed, "This is over"),
    ] {
        assert!(!ada.read(&path(id)).await.contains("/poster\""));
        let answer = ada.open(&poster(id, "STAR1")).await;
        assert_eq!(answer.status, 422);
        let said = page(&answer);
        assert!(said.contains(why) && !said.contains("<svg class=\"qr\""));
    }
    let nowhere = OpportunityId(Uuid::now_v7());
    assert_eq!(ada.open(&poster(nowhere, "STAR1")).await.status, 404);
}

#[tokio::test]
async fn staff_put_on_it_an_open_code_of_their_own_or_make_one_there() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    site.team("Quay", "QUAY-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let id = published(&mut priya, "").await;
    let choose = priya.read(&format!("{}/poster", path(id))).await;
    assert!(choose.contains("STAR-1") && !choose.contains("QUAY-1"));
    for code in ["QUAY1", "NONSENSE", "%22%3E"] {
        let answer = priya.open(&poster(id, code)).await;
        assert_eq!(answer.status, 422, "{code}");
        assert!(page(&answer).contains("or is not one of yours"));
    }
    priya.post("/staff/join-codes/STAR1/stop", "").await;
    assert_eq!(priya.open(&poster(id, "STAR1")).await.status, 422);
    let choose = priya.read(&format!("{}/poster", path(id))).await;
    assert!(choose.contains("There is no open join code that you may use."));

    let make = format!("/staff/join-codes?poster={id}");
    assert!(choose.contains(&make));
    let form = priya.read(&make).await;
    assert!(form.contains(&format!("name=\"poster\" value=\"{id}\"")));
    let fields = |name: &str| {
        let form = Uuid::now_v7();
        format!("id={form}&name={name}&team={harbour}&poster={id}")
    };
    let answer = priya.post("/staff/join-codes", &fields("")).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains(&format!("name=\"poster\" value=\"{id}\"")));
    let answer = priya.post("/staff/join-codes", &fields("Wall")).await;
    assert_eq!(answer.status, 303);
    let to = answer.header("location").to_owned();
    assert!(to.starts_with(&format!("{}/poster?code=", path(id))));
    assert!(priya.read(&to).await.contains("<svg class=\"qr\""));
}

#[tokio::test]
async fn its_address_leads_somebody_new_through_joining_to_the_opportunity_with_no_script() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let id = published(&mut priya, "").await;
    let address = way(id, "STAR-1");
    let end = address.rsplit('/').next().unwrap();
    let mut browser = somebody(&site);
    let door = browser.read(&address).await;
    assert!(door.contains("Once you have joined, you come to: Kinder letters."));
    assert!(door.contains(&format!("href=\"/take-part/{id}\"")));
    assert!(door.contains("value=\"STAR-1\"") && door.contains(&format!("value=\"{end}\"")));

    // A code that was mistyped: the way on is kept.
    let wrong = browser
        .post("/join", &format!("code=STAR-9&to={end}"))
        .await;
    assert_eq!(wrong.status, 422);
    assert!(page(&wrong).contains("you come to: Kinder letters."));
    let kept = data(&wrong).form_values;
    assert!(kept.contains(&("to".to_owned(), end.to_owned())));
    let joined = browser
        .post("/join", &format!("code=star+1&name=Sam&to={end}"))
        .await;
    assert_eq!(joined.status, 303);
    assert_eq!(joined.header("location"), format!("/take-part/{id}"));

    // Who has joined comes to it at once, also where a PIN is set: it shows nothing of theirs.
    for address in [
        &address,
        &address.to_uppercase().replacen("JOIN", "join", 1),
    ] {
        let answer = browser.open(address).await;
        assert_eq!(answer.status, 303, "{address}");
        assert_eq!(answer.header("location"), format!("/take-part/{id}"));
    }
}

#[tokio::test]
async fn an_address_of_nothing_that_is_shown_leads_to_all_that_is_and_never_elsewhere() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let draft = starts(&mut priya, "Kinder letters").await;
    let end = way(draft, "STAR-1").rsplit('/').next().unwrap().to_owned();
    let mut browser = somebody(&site);
    let door = browser.read(&way(draft, "STAR-1")).await;
    assert!(!door.contains("Kinder letters"));
    for to in [end.as_str(), "//evil.example", "https://evil.example", "0"] {
        let mut browser = somebody(&site);
        let form = format!("code=STAR-1&to={}", escape(to));
        let joined = browser.post("/join", &form).await;
        assert_eq!(joined.status, 303);
        assert_eq!(joined.header("location"), "/take-part", "{to}");
        let answer = browser.open(&way(draft, "STAR-1")).await;
        assert_eq!(answer.header("location"), "/take-part");
    }
    let plain = browser.post("/join", "code=STAR-1").await;
    assert_eq!(plain.header("location"), "/");
    // The plain address of a code stays the page that says who is here.
    let mut phone = Phone::new(&site);
    phone
        .post("/api/join", &serde_json::json!({ "code": "STAR-1" }))
        .await;
    let mut here = Desk {
        site: &site,
        cookie: phone.cookie,
    };
    let answer = here.send(Method::GET, "/join/STAR-1", None).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_register_the_calendar_and_the_file_are_one_press_from_a_session() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut priya, "").await;
    let session = adds(&mut priya, id, "").await[0];
    let at = format!("/staff/sessions/{session}");
    let one = priya.read(&path(id)).await;
    let own = priya.read(&at).await;
    for page in [&one, &own] {
        assert!(page.contains(&format!("href=\"{at}/register\"")));
        assert!(page.contains(&format!("href=\"{at}/calendar.ics\" download")));
    }
    assert!(own.contains("action=\"/staff/sign-ups/export\""));
    let form = format!("session={session}&show=all");
    let file = priya.post("/staff/sign-ups/export", &form).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-type").starts_with("text/csv"));
    // Of one without a fixed time there is nothing for a calendar.
    let open = adds(&mut priya, id, "day=&time=").await;
    let open = open.iter().find(|it| **it != session).unwrap();
    let own = priya.read(&format!("/staff/sessions/{open}")).await;
    assert!(!own.contains("calendar.ics") && own.contains("/register\""));
}
