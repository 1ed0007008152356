//! Who came, and thanking them, at the desk.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    site::{Phone, Site, record},
    sync::a_request,
};
use app::domain::{
    command::Command, id::SignUpId, opportunity::Gives, record::SignUp, sign_up::SignUpState,
};
use server::db::staff::Role;

/// Femi, who has the only place there is, and their sign-up.
async fn placed(site: &Site) -> (Phone<'_>, SignUpId) {
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let mut phone = site.named("Femi").await;
    let (id, command) = a_request(session);
    assert_eq!(phone.does(&command).await, "applied");
    (phone, id)
}

async fn press(desk: &mut Desk<'_>, id: SignUpId, what: &str, form: &str) -> String {
    let path = format!("/staff/sign-ups/{id}/{what}");
    let answer = desk.post(&path, form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    desk.read(answer.header("location")).await
}

async fn state(phone: &mut Phone<'_>, id: SignUpId) -> SignUpState {
    record::<SignUp>(&phone.sync(&[]).await, id).unwrap().state
}

#[tokio::test]
async fn one_press_each_says_who_came_and_the_page_says_who_said_so() {
    let site = Site::new().await;
    let (mut phone, id) = placed(&site).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let said = press(&mut desk, id, "came", "").await;
    assert!(said.contains("It is noted that Femi came."), "{said}");
    assert!(said.contains("Marked as came by priya"), "{said}");
    assert!(said.contains("priya: Noted that they came"), "{said}");
    assert_eq!(state(&mut phone, id).await, SignUpState::Attended);
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    let said = press(&mut tom, id, "not-there", "").await;
    assert!(said.contains("Marked as couldn't come by tom"));
    assert_eq!(state(&mut phone, id).await, SignUpState::NotThere);
    let said = press(&mut desk, id, "came", "").await;
    assert!(
        said.contains("It is noted that Femi came."),
        "a slip is put right"
    );
}

#[tokio::test]
async fn thanks_go_with_words_seen_first_and_amounts_stay_with_staff() {
    let site = Site::new().await;
    let (mut phone, id) = placed(&site).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    press(&mut desk, id, "came", "").await;
    let thank = format!("/staff/sign-ups/{id}/thank");
    desk.read(&thank).await;
    let words = escape("You helped us a lot.");
    let form = |step| format!("travel=%C2%A34.50&payment=20&message={words}&step={step}");
    let preview = desk.post(&thank, &form("send")).await;
    assert_eq!(preview.status, 200);
    assert!(page(&preview).contains("“You helped us a lot.”"));
    assert_eq!(
        state(&mut phone, id).await,
        SignUpState::Attended,
        "not yet"
    );
    let said = press(&mut desk, id, "thank", &form("previewed")).await;
    assert!(said.contains("£4.50") && said.contains("£20.00"), "{said}");
    assert!(said.contains("priya: Thanked them"), "{said}");
    phone.cursor = None;
    let told = phone.sync(&[]).await;
    let got: SignUp = record(&told, id).unwrap();
    assert_eq!(got.state, SignUpState::Thanked);
    assert_eq!(got.message.as_deref(), Some("You helped us a lot."));
    assert!(!serde_json::to_string(&told).unwrap().contains("pence"));
    // Noted anew, with no words: what was said stays.
    let form = desk.read(&thank).await;
    assert!(form.contains("value=\"4.50\""), "{form}");
    let said = press(
        &mut desk,
        id,
        "thank",
        "travel=&payment=25&message=&step=send",
    )
    .await;
    assert!(said.contains("£25.00") && !said.contains("£4.50"), "{said}");
}

#[tokio::test]
async fn what_is_no_amount_changes_nothing_and_gives_the_words_back() {
    let site = Site::new().await;
    let (mut phone, id) = placed(&site).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    press(&mut desk, id, "came", "").await;
    state(&mut phone, id).await;
    let answer = desk
        .post(
            &format!("/staff/sign-ups/{id}/thank"),
            "travel=four&payment=20&message=Thanks&step=send",
        )
        .await;
    assert_eq!(answer.status, 422);
    let said = page(&answer);
    assert!(said.contains("role=\"alert\"") && said.contains("value=\"four\""));
    assert!(said.contains(">Thanks</textarea>"), "{said}");
    assert!(record::<SignUp>(&phone.sync(&[]).await, id).is_none());
}

#[tokio::test]
async fn who_has_no_place_did_not_come_and_is_not_thanked() {
    let site = Site::new().await;
    let (mut phone, id) = placed(&site).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let said = press(&mut desk, id, "thank", "message=&step=send").await;
    assert!(said.contains("Say first that Femi came."), "{said}");
    phone.does(&Command::WithdrawSignUp(id)).await;
    for what in ["came", "not-there"] {
        let said = press(&mut desk, id, what, "").await;
        assert!(said.contains("no place is held for Femi"), "{said}");
        assert!(
            !said.contains("Noted that"),
            "what was not done is not told: {said}"
        );
    }
    let news = phone.sync(&[]).await;
    assert!(record::<SignUp>(&news, id).is_none(), "nothing changed");
    hire(&site, "ada", Role::Admin, &[]).await;
    let log = signed_in(&site, "ada").await.read("/staff/audit").await;
    assert!(!log.contains("Noted that"), "{log}");
}

#[tokio::test]
async fn nothing_of_it_is_found_where_there_is_no_sign_up() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    for what in ["came", "not-there", "thank"] {
        for id in ["letters".to_owned(), uuid::Uuid::now_v7().to_string()] {
            let path = format!("/staff/sign-ups/{id}/{what}");
            assert_eq!(desk.post(&path, "").await.status, 404, "{path}");
        }
    }
}
