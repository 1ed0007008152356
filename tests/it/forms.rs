//! Plain forms, as a browser without script posts them.

use crate::{
    desk::{Desk, escape, page},
    site::{Answer, Phone, Site, record},
};
use app::{
    domain::{
        check_in::{Feeling, Wants},
        group::{Group, GroupState, Membership},
        id::{GroupId, SessionId},
        needs::Needs,
        opportunity::{Agreement, Area, Gives},
        record::{CheckIn, SignUp},
        sign_up::SignUpState,
    },
    lang::en,
    sync::wire::SyncResponse,
    ui::local::PageData,
};
use serde::de::DeserializeOwned;
use server::db::groups;
use uuid::Uuid;

/// A member's browser without script.
fn browser<'a>(phone: &Phone<'a>) -> Desk<'a> {
    Desk {
        site: phone.site,
        cookie: phone.cookie.clone(),
    }
}

/// What a page carries.
pub fn data(answer: &Answer) -> PageData {
    let html = page(answer);
    let (_, after) = html.split_once("id=\"page-data\"").expect("page data");
    let (_, after) = after.split_once('>').unwrap();
    serde_json::from_str(after.split_once("</script>").unwrap().0).unwrap()
}

/// All of one kind in an answer.
fn all<T: DeserializeOwned>(response: &SyncResponse, kind: &str) -> Vec<T> {
    let of_kind = response.changes.iter().filter(|change| change.kind == kind);
    of_kind
        .filter_map(|change| change.body.as_ref())
        .map(|body| serde_json::from_str(body.0.get()).unwrap())
        .collect()
}

async fn sign_up_path(site: &Site, session: SessionId) -> String {
    let opportunity: String = sqlx::query_scalar("select opportunity from sessions where id = $1")
        .bind(session.to_string())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    format!("/take-part/{opportunity}/sign-up")
}

#[tokio::test]
async fn joining_without_script_signs_the_browser_in() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    let mut browser = Desk {
        site: &site,
        cookie: None,
    };
    assert!(!data(&browser.open("/").await).joined);
    let answer = browser.post("/join", "code=star+1&name=Sam").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/")
    );
    let seen = data(&browser.open("/check-in").await);
    assert!(seen.joined && seen.form_id.is_some());
    assert_eq!(seen.team.unwrap().1.name, "Harbour");
}

#[tokio::test]
async fn a_wrong_code_is_said_and_what_was_typed_comes_back() {
    let site = Site::new().await;
    let mut browser = Desk {
        site: &site,
        cookie: None,
    };
    let answer = browser.post("/join", "code=NO-SUCH&name=Sam").await;
    assert_eq!(answer.status, 422);
    let seen = data(&answer);
    assert!(seen.form_problem.is_some());
    assert!(seen.form_values.contains(&("name".into(), "Sam".into())));
    assert!(page(&answer).contains("value=\"NO-SUCH\""));
}

#[tokio::test]
async fn asking_for_a_place_twice_with_one_form_asks_once() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    let mut phone = site.member().await;
    let mut browser = browser(&phone);
    let path = sign_up_path(&site, session).await;
    let form_id = data(&browser.open(&path).await).form_id.unwrap();
    let form = format!(
        "form_id={form_id}&session={session}&contact_by=text&contact_value=07700+900001\
         &safe_to_leave_message=yes&access_needs=A+seat+by+the+door&travel_first=yes&note="
    );
    for _ in 0..2 {
        let answer = browser.post(&path, &form).await;
        assert_eq!(answer.status, 303, "{}", page(&answer));
        let done = browser.open(answer.header("location")).await;
        assert_eq!(data(&done).form_done.as_deref(), Some("sign_up"));
    }
    let got: Vec<SignUp> = all(&phone.sync(&[]).await, "sign_up");
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].state, SignUpState::Confirmed);
    assert_eq!(got[0].access_needs.as_deref(), Some("A seat by the door"));
    assert!(got[0].travel_first && !got[0].access_needs_consent);
    assert!(got[0].contact.as_ref().unwrap().safe_to_leave_message);
    assert_eq!(got[0].note, None);
}

/// A group, made as the desk makes it.
async fn a_group(site: &Site, state: GroupState) -> GroupId {
    let id = GroupId(Uuid::now_v7());
    let by = site.staff(&id.to_string(), &[]).await;
    let group = Group {
        area: Area::Wording,
        title: "Kinder letters".to_owned(),
        does: "We read letters".to_owned(),
        who_for: None,
        meets: None,
        led_by: None,
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: 2,
            text: "What is said here stays here".to_owned(),
        },
        state,
    };
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            groups::add(tx, id, &group, by, 0).await?;
            groups::publish(tx, id).await
        })
    });
    write.await.expect("a group");
    id
}

#[tokio::test]
async fn a_group_is_joined_without_script_once_its_agreement_is_agreed_to() {
    let site = Site::new().await;
    let group = a_group(&site, GroupState::Open).await;
    let mut phone = site.member().await;
    let mut browser = browser(&phone);
    let path = format!("/take-part/groups/{group}");
    let first = browser.open(&path).await;
    assert!(page(&first).contains("What is said here stays here"));
    let form_id = data(&first).form_id.unwrap();
    for wrong in ["", "&agreement=1"] {
        let answer = browser
            .post(&path, &format!("form_id={}{wrong}", Uuid::now_v7()))
            .await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(data(&answer).form_problem.is_some());
    }
    let none: Vec<Membership> = all(&phone.sync(&[]).await, "membership");
    assert!(none.is_empty());
    for _ in 0..2 {
        let form = format!("form_id={form_id}&agreement=2");
        let answer = browser.post(&path, &form).await;
        assert_eq!(answer.status, 303, "{}", page(&answer));
        let done = browser.open(answer.header("location")).await;
        assert!(page(&done).contains(en::group::IN_IT_PLAIN.get()));
    }
    let got: Vec<Membership> = all(&phone.sync(&[]).await, "membership");
    assert_eq!((got.len(), got[0].agreement), (1, 2));
}

#[tokio::test]
async fn a_group_that_takes_nobody_has_no_form_and_one_that_is_not_shown_no_page() {
    let site = Site::new().await;
    let paused = a_group(&site, GroupState::Paused).await;
    let draft = a_group(&site, GroupState::Draft).await;
    let phone = site.member().await;
    let mut browser = browser(&phone);
    let path = format!("/take-part/groups/{paused}");
    let shown = browser.open(&path).await;
    assert_eq!(shown.status, 200);
    assert!(!page(&shown).contains("<form"));
    let form = format!("form_id={}&agreement=2", Uuid::now_v7());
    assert_eq!(browser.post(&path, &form).await.status, 422);
    for hidden in [
        draft.to_string(),
        Uuid::now_v7().to_string(),
        "letters".to_owned(),
    ] {
        let path = format!("/take-part/groups/{hidden}");
        assert_eq!(browser.open(&path).await.status, 404, "{path}");
        assert_eq!(browser.open(&format!("{path}/talk")).await.status, 404);
    }
}

#[tokio::test]
async fn only_the_screens_that_name_groups_carry_them() {
    let site = Site::new().await;
    let group = a_group(&site, GroupState::Open).await;
    let phone = site.member().await;
    let mut browser = browser(&phone);
    for (path, carries) in [
        ("/".to_owned(), false),
        ("/check-in".to_owned(), false),
        ("/take-part".to_owned(), true),
        (format!("/take-part/groups/{group}"), true),
    ] {
        let page = browser.open(&path).await;
        assert_eq!(data(&page).beside.is_some(), carries, "{path}");
    }
}

#[tokio::test]
async fn what_makes_it_easier_is_kept_for_next_time_only_where_that_is_ticked_and_is_on_no_page() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    let mut phone = site.member().await;
    let member = phone.id();
    let mut browser = browser(&phone);
    let path = sign_up_path(&site, session).await;
    let kept = async |phone: &mut Phone<'_>| {
        phone.cursor = None;
        record::<Needs>(&phone.sync(&[]).await, member).and_then(|kept| kept.needs)
    };
    let first = browser.open(&path).await;
    assert!(page(&first).contains("Keep this for next time"));
    let form = |form_id: Uuid, more: &str| {
        format!("form_id={form_id}&session={session}&access_needs=A+seat+by+the+door{more}")
    };
    let form_id = data(&first).form_id.unwrap();
    let answer = browser.post(&path, &form(form_id, "")).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    assert_eq!(kept(&mut phone).await, None);
    let mine: Vec<SignUp> = all(&phone.sync(&[]).await, "sign_up");
    assert!(mine.is_empty(), "it came before");

    let another = site.session(Gives::FirstReceived, Some(2)).await;
    let path = sign_up_path(&site, another).await;
    let form_id = data(&browser.open(&path).await).form_id.unwrap();
    let ticked =
        form(form_id, "&keep_needs=yes").replace(&session.to_string(), &another.to_string());
    for _ in 0..2 {
        let answer = browser.post(&path, &ticked).await;
        assert_eq!(answer.status, 303, "{}", page(&answer));
    }
    assert_eq!(
        kept(&mut phone).await.as_deref(),
        Some("A seat by the door")
    );
    // Nothing personal is drawn on the server: it asks in full each time.
    let third = site.session(Gives::FirstReceived, Some(2)).await;
    let path = sign_up_path(&site, third).await;
    let shown = browser.open(&path).await;
    assert!(!page(&shown).contains("A seat by the door"));
    assert!(!page(&shown).contains("Same as last time"));
}

#[tokio::test]
async fn the_day_that_was_picked_on_the_page_before_is_picked_in_the_form() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let phone = site.member().await;
    let path = sign_up_path(&site, session).await;
    let picked = browser(&phone)
        .open(&format!("{path}?session={session}"))
        .await;
    let picked = data(&picked).form_values;
    assert_eq!(picked, [("session".to_owned(), session.to_string())]);
}

#[tokio::test]
async fn a_refused_form_gives_everything_back_under_a_new_id() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let phone = site.member().await;
    let mut browser = browser(&phone);
    let path = sign_up_path(&site, session).await;
    let first = Uuid::now_v7();
    let form = format!("form_id={first}&session={session}&note=");
    assert_eq!(browser.post(&path, &form).await.status, 303);
    let note = "I'd <b>like</b> this";
    let again = format!(
        "form_id={}&session={session}&note={}",
        Uuid::now_v7(),
        escape(note)
    );
    let answer = browser.post(&path, &again).await;
    assert_eq!(answer.status, 422);
    let seen = data(&answer);
    assert!(seen.form_problem.is_some());
    assert!(seen.form_values.contains(&("note".into(), note.into())));
    assert!(seen.form_id.is_some_and(|id| id != first));
    assert!(!page(&answer).contains("<b>"), "it comes back as text");
}

#[tokio::test]
async fn sharing_needs_the_box_ticked_and_goes_to_the_members_own_team() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let mut browser = browser(&phone);
    let form_id = data(&browser.open("/check-in").await).form_id.unwrap();
    let words = "feeling=up_and_down&note=Slept+a+bit&wants=message&contact_by=phone&contact_value=07700+900001";
    let unticked = browser
        .post("/check-in", &format!("form_id={form_id}&{words}"))
        .await;
    assert_eq!(unticked.status, 422);
    assert!(data(&unticked).form_problem.unwrap().contains("Harbour"));
    let empty: Vec<CheckIn> = all(&phone.sync(&[]).await, "check_in");
    assert!(empty.is_empty(), "nothing was shared");
    let ticked = browser
        .post(
            "/check-in",
            &format!("form_id={form_id}&consent=yes&{words}"),
        )
        .await;
    assert_eq!(ticked.status, 303);
    let got: Vec<CheckIn> = all(&phone.sync(&[]).await, "check_in");
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].team, Some(harbour));
    assert_eq!(got[0].feeling, Some(Feeling::UpAndDown));
    assert_eq!(got[0].wants, Wants::Message);
}

#[tokio::test]
async fn a_call_that_nobody_could_make_is_asked_about() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    let phone = site.joined("STAR-1").await;
    let form = format!("form_id={}&consent=yes&wants=call", Uuid::now_v7());
    let answer = browser(&phone).post("/check-in", &form).await;
    assert_eq!(answer.status, 422);
    let form = format!("{form}&contact_by=phone&contact_value=+");
    let answer = browser(&phone).post("/check-in", &form).await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn without_a_team_nothing_can_be_shared() {
    let site = Site::new().await;
    let phone = site.member().await;
    let form = format!("form_id={}&consent=yes&note=hello", Uuid::now_v7());
    let answer = browser(&phone).post("/check-in", &form).await;
    assert_eq!(answer.status, 422);
    assert_eq!(data(&answer).team, None);
}

#[tokio::test]
async fn forms_of_a_browser_that_never_joined_change_nothing() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let mut stranger = Desk {
        site: &site,
        cookie: None,
    };
    let path = sign_up_path(&site, session).await;
    for path in [path.as_str(), "/check-in"] {
        let form = format!("form_id={}&session={session}&consent=yes", Uuid::now_v7());
        assert_eq!(stranger.post(path, &form).await.status, 401, "{path}");
    }
    let asked: i64 = sqlx::query_scalar("select count(*) from sign_ups")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(asked, 0);
}

#[tokio::test]
async fn a_page_says_nothing_personal_and_is_not_shared_between_people() {
    let site = Site::new().await;
    site.team("Harbour", "STAR-1").await;
    let session = site.session(Gives::Staff, Some(2)).await;
    let mut phone = site.joined("STAR-1").await;
    let (id, command) = crate::sync::a_request(session);
    phone.does(&command).await;
    let kept: Option<SignUp> = record(&phone.sync(&[]).await, id);
    assert!(kept.is_none(), "it came with the answer to the request");
    for path in ["/", "/my-sign-ups", "/take-part"] {
        let answer = browser(&phone).open(path).await;
        assert_eq!(answer.status, 200);
        assert!(!page(&answer).contains(&id.to_string()), "{path}");
        assert!(!page(&answer).contains(&phone.id().to_string()), "{path}");
        assert!(answer.header("cache-control").contains("private"));
    }
}
