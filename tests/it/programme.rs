//! Opportunities at the desk: written and kept, seen first, shown, paused, ended, reported back; and what phones learn
//! of each.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    site::{Phone, Site, record, wire},
    sync::a_request,
};
use app::domain::{
    command::Command,
    id::{OpportunityId, SessionId},
    opportunity::{Opportunity, OpportunityState, Thanks},
    record::SignUp,
    sign_up::{Agree, RequestSignUp, SignUpState},
};
use axum::http::Method;
use server::db::staff::Role;

/// All that must be written before members see it.
pub const WHOLE: &str = "title=Kinder+letters&area=wording&purpose=People+asked&what_happens=We+read\
    &what_next=They+change";

/// Starts one; gives its id.
pub async fn starts(desk: &mut Desk<'_>, title: &str) -> OpportunityId {
    let form = format!("title={}&area=wording", escape(title));
    let answer = desk.post("/staff/opportunities", &form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let id = answer.header("location").split('/').nth(3).unwrap();
    id.parse().unwrap()
}

pub fn path(id: OpportunityId) -> String {
    format!("/staff/opportunities/{id}")
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The form of an open page, with other words.
struct Writes {
    version: String,
    editor: String,
    seen: String,
}

impl Writes {
    async fn open(desk: &mut Desk<'_>, id: OpportunityId) -> Self {
        let page = desk.read(&format!("{}/edit", path(id))).await;
        Self {
            version: hidden(&page, "version"),
            editor: hidden(&page, "editor"),
            seen: hidden(&page, "seen"),
        }
    }

    fn form(&self, words: &str, step: &str) -> String {
        let Self {
            version,
            editor,
            seen,
        } = self;
        let seen = escape(seen);
        format!("version={version}&editor={editor}&seen={seen}&step={step}&{words}")
    }
}

/// Writes it whole and shows it to members.
pub async fn published(desk: &mut Desk<'_>, more: &str) -> OpportunityId {
    let id = starts(desk, "Kinder letters").await;
    shows(desk, id, &format!("{WHOLE}&{more}")).await;
    id
}

/// Writes these words and shows them to members.
pub async fn shows(desk: &mut Desk<'_>, id: OpportunityId, words: &str) {
    let writes = Writes::open(desk, id).await;
    let edit = format!("{}/edit", path(id));
    let answer = desk.post(&edit, &writes.form(words, "publish")).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
}

/// What everyone's phone has of it.
pub async fn shown(site: &Site, id: OpportunityId) -> Option<Opportunity> {
    record(&Phone::new(site).sync(&[]).await, id)
}

async fn steps(desk: &mut Desk<'_>, id: OpportunityId, step: &str) -> u16 {
    let answer = desk
        .post(&format!("{}/step", path(id)), &format!("step={step}"))
        .await;
    answer.status.as_u16()
}

async fn says(desk: &mut Desk<'_>, id: OpportunityId, what: &str, words: &str) -> u16 {
    let form = format!("step=previewed&message={}", escape(words));
    let answer = desk.post(&format!("{}/{what}", path(id)), &form).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn a_draft_is_nobodys_but_staffs_until_it_is_shown() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "Kinder letters").await;
    assert!(
        desk.read("/staff/opportunities?show=draft")
            .await
            .contains("Kinder letters")
    );
    assert_eq!(shown(&site, id).await, None);
    let public = format!("/take-part/{id}");
    assert_eq!(desk.open(&public).await.status, 404);
    let writes = Writes::open(&mut desk, id).await;
    let edit = format!("{}/edit", path(id));
    let kept = desk.post(&edit, &writes.form(WHOLE, "keep")).await;
    assert_eq!(kept.status, 303);
    assert_eq!(shown(&site, id).await, None, "kept is not shown");
    assert_eq!(steps(&mut desk, id, "publish").await, 303);
    let found = shown(&site, id).await.unwrap();
    assert_eq!(found.title, "Kinder letters");
    assert_eq!(found.what_next, "They change");
    assert_eq!(found.state, OpportunityState::Published);
    assert_eq!(desk.open(&public).await.status, 200);
    assert!(
        desk.read("/staff/opportunities")
            .await
            .contains("Kinder letters")
    );
}

#[tokio::test]
async fn nothing_is_shown_without_why_what_happens_and_what_is_next_and_each_is_asked_for_in_its_place()
 {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    for missing in ["purpose", "what_happens", "what_next"] {
        let id = starts(&mut desk, "Letters").await;
        let words: Vec<&str> = WHOLE
            .split('&')
            .filter(|it| !it.starts_with(missing))
            .collect();
        let writes = Writes::open(&mut desk, id).await;
        let edit = format!("{}/edit", path(id));
        let answer = desk
            .post(&edit, &writes.form(&words.join("&"), "publish"))
            .await;
        assert_eq!(answer.status, 422, "{missing}");
        let told = page(&answer);
        assert!(
            told.contains(&format!("id=\"{missing}-problem\"")),
            "{missing}: {told}"
        );
        assert!(told.contains("Kinder letters"), "what was typed is kept");
        assert_eq!(
            told.matches("-problem\"").count(),
            2,
            "beside that field alone"
        );
        assert_eq!(steps(&mut desk, id, "publish").await, 422);
        assert_eq!(shown(&site, id).await, None);
    }
}

#[tokio::test]
async fn changes_wait_beside_what_members_see_until_they_are_shown_or_thrown_away() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let other = WHOLE.replace("Kinder", "Gentler");
    let writes = Writes::open(&mut desk, id).await;
    let edit = format!("{}/edit", path(id));
    desk.post(&edit, &writes.form(&other, "keep")).await;
    assert_eq!(shown(&site, id).await.unwrap().title, "Kinder letters");
    assert!(desk.read(&edit).await.contains("Gentler letters"));
    assert!(
        desk.read("/staff/opportunities")
            .await
            .contains("Some not shown yet")
    );
    let preview = desk.read(&format!("{}/preview", path(id))).await;
    assert!(preview.contains("Gentler letters"));
    assert_eq!(steps(&mut desk, id, "change").await, 303);
    assert_eq!(shown(&site, id).await.unwrap().title, "Gentler letters");
    // Thrown away, nothing of it is left.
    let writes = Writes::open(&mut desk, id).await;
    desk.post(&edit, &writes.form(WHOLE, "keep")).await;
    desk.read(&format!("{}/forget", path(id))).await;
    assert_eq!(
        desk.post(&format!("{}/forget", path(id)), "").await.status,
        303
    );
    assert!(!desk.read(&edit).await.contains("Kinder letters"));
    assert_eq!(shown(&site, id).await.unwrap().title, "Gentler letters");
}

#[tokio::test]
async fn two_who_write_at_once_each_see_both_texts_and_nothing_is_written_over_unseen() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    let id = published(&mut priya, "").await;
    let edit = format!("{}/edit", path(id));
    let (one, two) = (
        Writes::open(&mut priya, id).await,
        Writes::open(&mut tom, id).await,
    );
    let of = |words: &str| WHOLE.replace("People+asked", &escape(words));
    let kept = priya
        .post(&edit, &one.form(&of("Priya's reason"), "keep"))
        .await;
    assert_eq!(kept.status, 303);
    let clash = tom
        .post(&edit, &two.form(&of("Tom's <b>reason"), "keep"))
        .await;
    assert_eq!(clash.status, 409);
    let both = page(&clash);
    assert!(
        both.contains("Priya&#39;s reason") || both.contains("Priya's reason"),
        "{both}"
    );
    assert!(both.contains("Tom's &lt;b&gt;reason"), "{both}");
    assert!(both.contains("priya kept something else"));
    assert!(
        priya.read(&edit).await.contains("Priya's reason"),
        "hers is still kept"
    );
    // Seen, his may take its place.
    let again = Writes {
        version: hidden(&both, "version"),
        editor: hidden(&both, "editor"),
        seen: hidden(&both, "seen"),
    };
    let mine = tom
        .post(&edit, &again.form(&of("Tom's reason"), "keep"))
        .await;
    assert_eq!(mine.status, 303);
    // What she has open is of before: she is told in turn, also after the words were shown to members.
    let auto = format!("{}/autosave", path(id));
    let hers = priya.post(&auto, &one.form(&of("More"), "")).await;
    assert_eq!(hers.status, 409);
    let three = Writes::open(&mut priya, id).await;
    assert_eq!(steps(&mut tom, id, "change").await, 303);
    let late = priya.post(&edit, &three.form(&of("Late"), "keep")).await;
    assert_eq!(late.status, 409);
    assert!(
        page(&late).contains("Late"),
        "what she typed is in its field"
    );
    assert!(page(&late).contains("Someone showed it to members"));
    assert_eq!(shown(&site, id).await.unwrap().purpose, "Tom's reason");
}

#[tokio::test]
async fn no_word_is_lost_when_it_ends_or_goes_while_someone_writes() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let writes = Writes::open(&mut desk, id).await;
    steps(&mut desk, id, "close").await;
    let words = WHOLE.replace("People+asked", "My+long+<b>reason");
    let over = desk
        .post(&format!("{}/edit", path(id)), &writes.form(&words, "keep"))
        .await;
    assert_eq!(over.status, 422);
    assert!(
        page(&over).contains("My long &lt;b&gt;reason"),
        "{}",
        page(&over)
    );
    let draft = starts(&mut desk, "A mistake").await;
    let writes = Writes::open(&mut desk, draft).await;
    desk.post(&format!("{}/forget", path(draft)), "").await;
    let gone = desk
        .post(
            &format!("{}/edit", path(draft)),
            &writes.form(&words, "keep"),
        )
        .await;
    assert_eq!(gone.status, 404);
    assert!(page(&gone).contains("My long &lt;b&gt;reason"));
}

#[tokio::test]
async fn what_two_changed_in_different_places_is_put_together() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let mut tom = at_the_desk(&site, "tom", &[]).await;
    let id = published(&mut priya, "").await;
    let edit = format!("{}/edit", path(id));
    let (one, two) = (
        Writes::open(&mut priya, id).await,
        Writes::open(&mut tom, id).await,
    );
    let hers = WHOLE.replace("People+asked", "Her+reason");
    priya.post(&edit, &one.form(&hers, "keep")).await;
    let his = format!("{WHOLE}&travel_first=yes&access=Step-free");
    let clash = tom.post(&edit, &two.form(&his, "keep")).await;
    assert_eq!(clash.status, 409);
    let together = page(&clash);
    assert!(
        together.contains("both are put together here"),
        "{together}"
    );
    assert!(together.contains("Her reason") && together.contains("Step-free"));
    assert!(
        !together.contains("What is kept now:"),
        "nothing is to be asked"
    );
    assert!(together.contains("name=\"travel_first\" value=\"yes\" checked"));
}

#[tokio::test]
async fn a_page_that_keeps_by_itself_does_not_clash_with_itself_when_an_answer_is_lost() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "Letters").await;
    let auto = format!("{}/autosave", path(id));
    let writes = Writes::open(&mut desk, id).await;
    for words in ["One", "Two", "Two", "Three"] {
        // Always on the version of the start: no answer came through.
        let form = writes.form(&format!("title=Letters&purpose={words}"), "");
        let answer = desk.post(&auto, &form).await;
        assert_eq!(answer.status, 200, "{}", page(&answer));
    }
    let edit = format!("{}/edit", path(id));
    assert!(desk.read(&edit).await.contains("Three"));
    let long = format!("title=Letters&purpose={}", "x".repeat(4_001));
    assert_eq!(desk.post(&auto, &writes.form(&long, "")).await.status, 413);
    let refused = desk.post(&edit, &writes.form(&long, "keep")).await;
    assert_eq!(refused.status, 422);
    assert!(
        page(&refused).contains(&"x".repeat(4_001)),
        "given back whole"
    );
    assert!(page(&refused).contains("id=\"purpose-problem\""));
}

#[tokio::test]
async fn every_step_leads_only_where_it_may_and_phones_are_told() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let state = async || shown(&site, id).await.unwrap().state;
    for refused in ["publish", "archive"] {
        assert_eq!(steps(&mut desk, id, refused).await, 422, "{refused}");
    }
    assert_eq!(says(&mut desk, id, "report", "It changed").await, 422);
    assert_eq!(state().await, OpportunityState::Published);
    assert_eq!(steps(&mut desk, id, "pause").await, 303);
    assert_eq!(state().await, OpportunityState::Paused);
    assert_eq!(steps(&mut desk, id, "pause").await, 422);
    assert_eq!(steps(&mut desk, id, "publish").await, 303);
    assert_eq!(state().await, OpportunityState::Published);
    assert!(
        desk.read(&format!("{}/step?step=close", path(id)))
            .await
            .contains("Yes, it is over")
    );
    assert_eq!(steps(&mut desk, id, "close").await, 303);
    assert_eq!(state().await, OpportunityState::Closed);
    for refused in ["publish", "change", "pause", "close", "archive"] {
        assert_eq!(steps(&mut desk, id, refused).await, 422, "{refused}");
    }
    assert_eq!(says(&mut desk, id, "cancel", "Rain").await, 422);
    assert_eq!(desk.open(&format!("{}/edit", path(id))).await.status, 303);
    // Not in silence.
    assert_eq!(says(&mut desk, id, "report", "  ").await, 422);
    assert_eq!(state().await, OpportunityState::Closed);
    let form = "step=preview&message=All+three+letters+changed";
    let seen = desk.post(&format!("{}/report", path(id)), form).await;
    assert!(page(&seen).contains("This is what members will read"));
    assert_eq!(state().await, OpportunityState::Closed, "seen is not told");
    assert_eq!(
        says(&mut desk, id, "report", "All three letters changed").await,
        303
    );
    let told = shown(&site, id).await.unwrap();
    assert_eq!(told.state, OpportunityState::ReportedBack);
    let came = told.more().unwrap().came_of_it;
    assert_eq!(came.as_deref(), Some("All three letters changed"));
    let public = desk.read(&format!("/take-part/{id}")).await;
    assert!(public.contains("What came of it") && public.contains("All three letters changed"));
    assert!(
        desk.read("/take-part")
            .await
            .contains("All three letters changed")
    );
    assert_eq!(steps(&mut desk, id, "archive").await, 303);
    assert_eq!(state().await, OpportunityState::Archived);
    for refused in ["report_back", "cancel", "nonsense", ""] {
        assert_eq!(steps(&mut desk, id, refused).await, 400, "{refused}");
    }
}

#[tokio::test]
async fn calling_it_off_ends_every_sign_up_for_what_is_to_come_with_the_reason() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let session = crate::held::adds(&mut desk, id, "gives=first_received&places=1").await[0];
    let (mut one, mut two) = (site.member().await, site.member().await);
    let (first, ask) = a_request(session);
    assert_eq!(one.does(&ask).await, "applied");
    let (second, ask) = a_request(session);
    assert_eq!(two.does(&ask).await, "applied");
    let asks = desk.read(&format!("{}/cancel", path(id))).await;
    assert!(asks.contains("2 people have signed up"), "{asks}");
    assert_eq!(says(&mut desk, id, "cancel", " ").await, 422);
    assert_eq!(
        says(&mut desk, id, "cancel", "The money was cut. Sorry.").await,
        303
    );
    for (phone, sign_up) in [(&mut one, first), (&mut two, second)] {
        let news = phone.sync(&[]).await;
        let row: SignUp = record(&news, sign_up).unwrap();
        assert_eq!(row.state, SignUpState::Cancelled);
        assert_eq!(row.message.as_deref(), Some("The money was cut. Sorry."));
        assert_eq!(row.note, None, "nothing that they wrote is kept");
    }
    let found = shown(&site, id).await.unwrap();
    assert_eq!(found.state, OpportunityState::Cancelled);
    let reason = found.more().unwrap().reason;
    assert_eq!(reason.as_deref(), Some("The money was cut. Sorry."));
    let public = desk.read(&format!("/take-part/{id}")).await;
    assert!(public.contains("This is called off.") && public.contains("The money was cut."));
    let mut late = site.member().await;
    assert_eq!(late.does(&a_request(session).1).await, "session_closed");
    no_faults(&site).await;
}

/// Nothing that `chorus verify` would find.
pub async fn no_faults(site: &Site) {
    site.app.writer.tidy().await.unwrap();
    let faults = server::verify::database(&site.app.config.store).await;
    assert_eq!(faults.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn it_is_not_over_while_people_are_expected() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    crate::held::adds(&mut desk, id, "").await;
    let close = format!("{}/step", path(id));
    let answer = desk.post(&close, "step=close").await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains("1 session is still to come"));
    assert_eq!(
        shown(&site, id).await.unwrap().state,
        OpportunityState::Published
    );
}

/// Asks with what the opportunity wants agreed to.
fn asks(session: SessionId, agreement: Option<u32>) -> (app::domain::id::SignUpId, Command) {
    let (id, Command::RequestSignUp(request)) = a_request(session) else {
        unreachable!("a request is one")
    };
    let request = RequestSignUp {
        agreement,
        thanks: Some(Thanks::Less),
        ..request
    };
    (id, Command::RequestSignUp(request))
}

#[tokio::test]
async fn what_is_to_be_agreed_to_is_and_is_asked_again_when_its_words_change() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "agreement=Stays+here&choose_thanks=yes").await;
    let session = crate::held::adds(&mut desk, id, "gives=first_received").await[0];
    let newest = async || shown(&site, id).await.unwrap().more().unwrap().agreement;
    assert_eq!(newest().await.map(|it| it.version), Some(1));
    let mut phone = site.member().await;
    assert_eq!(phone.does(&asks(session, None).1).await, "agreement_needed");
    assert_eq!(
        phone.does(&asks(session, Some(9)).1).await,
        "agreement_needed"
    );
    let (sign_up, command) = asks(session, Some(1));
    let response = phone.sync(&[wire(&command)]).await;
    let row: SignUp = record(&response, sign_up).unwrap();
    assert_eq!((row.agreement, row.thanks), (Some(1), Some(Thanks::Less)));
    let at_the_desk = format!("/staff/sign-ups/{sign_up}");
    let read = desk.read(&at_the_desk).await;
    assert!(
        read.contains("They said yes to it (version 1).") && read.contains("Talk with them first")
    );

    // Other words that are not about it leave the version as it is; other words of it do not.
    let same = format!("{WHOLE}&agreement=Stays+here&access=Step-free");
    shows(&mut desk, id, &same).await;
    assert_eq!(newest().await.map(|it| it.version), Some(1));
    shows(
        &mut desk,
        id,
        &format!("{WHOLE}&agreement=All+of+it+stays+here"),
    )
    .await;
    assert_eq!(newest().await.map(|it| it.version), Some(2));
    assert!(desk.read(&at_the_desk).await.contains("It changed since"));
    let agree = |version| Command::Agree(Agree { sign_up, version });
    let mut stranger = site.member().await;
    assert_eq!(stranger.does(&agree(2)).await, "not_yours");
    assert_eq!(phone.does(&agree(3)).await, "agreement_needed");
    let response = phone.sync(&[wire(&agree(2))]).await;
    let row: SignUp = record(&response, sign_up).unwrap();
    assert_eq!(
        (row.state, row.agreement),
        (SignUpState::Confirmed, Some(2))
    );
    // One that waited on another phone is older, and changes nothing.
    phone.does(&agree(1)).await;
    assert!(desk.read(&at_the_desk).await.contains("(version 2)"));
    // Whoever read it as it was before keeps their turn, and is asked again.
    let mut late = site.member().await;
    assert_eq!(late.does(&asks(session, Some(1)).1).await, "applied");
    // Taken away and written anew, it is never an old version again.
    shows(&mut desk, id, WHOLE).await;
    assert_eq!(newest().await, None);
    shows(&mut desk, id, &format!("{WHOLE}&agreement=Stays+here")).await;
    assert_eq!(newest().await.map(|it| it.version), Some(3));
    phone.does(&Command::WithdrawSignUp(sign_up)).await;
    no_faults(&site).await;
}

#[tokio::test]
async fn the_agreement_is_asked_in_a_plain_form_too() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "agreement=Stays+here").await;
    let session = crate::held::adds(&mut desk, id, "").await[0];
    let phone = site.member().await;
    let mut browser = Desk {
        site: &site,
        cookie: phone.cookie.clone(),
    };
    let form = format!("/take-part/{id}/sign-up");
    let read = browser.read(&form).await;
    assert!(
        read.contains("Stays here") && read.contains("I've read this, and I agree"),
        "{read}"
    );
    let send = |more: &str| format!("form_id={}&session={session}{more}", uuid::Uuid::now_v7());
    let refused = browser.post(&form, &send("")).await;
    assert_eq!(refused.status, 422);
    assert!(page(&refused).contains("There is an agreement to read first"));
    assert_eq!(browser.post(&form, &send("&agreement=1")).await.status, 303);
}

#[tokio::test]
async fn a_preview_is_the_members_own_page_and_nobody_elses() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "Letters").await;
    crate::held::adds(&mut desk, id, "link=https%3A%2F%2Fmeet.example%2F1").await;
    let writes = Writes::open(&mut desk, id).await;
    let more = "talk_to=Dee&travel_first=yes&thank_you=Tea&choose_thanks=yes&benefits=Ask+us&training=An+hour";
    let edit = format!("{}/edit", path(id));
    let kept = desk
        .post(&edit, &writes.form(&format!("{WHOLE}&{more}"), "preview"))
        .await;
    assert_eq!(kept.header("location"), format!("{}/preview", path(id)));
    let preview = desk.read(kept.header("location")).await;
    for words in [
        "Only staff see this page.",
        "Kinder letters",
        "We read",
        "Dee, before and after.",
        "We can pay it before the day.",
        "You choose: all of it, less, or none.",
        "An hour",
        "I'd like to take part",
    ] {
        assert!(preview.contains(words), "{words}: {preview}");
    }
    assert!(!preview.contains("<script") && !preview.contains("<a href=\"/take-part"));
    assert!(!preview.contains("meet.example"), "nobody has a place");
    let mut stranger = Desk {
        site: &site,
        cookie: None,
    };
    let away = stranger.open(&format!("{}/preview", path(id))).await;
    assert_eq!(away.status, 303);
}

#[tokio::test]
async fn hostile_words_are_words_everywhere() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let nasty = "</textarea></script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let words = escape(nasty);
    let all = format!(
        "title={words}&area=nonsense&purpose={words}&what_happens={words}&what_next={words}\
         &commitment={words}&support={words}&talk_to={words}&travel={words}&thank_you={words}\
         &benefits={words}&training={words}&agreement={words}&access={words}&contact={words}"
    );
    let id = starts(&mut desk, nasty).await;
    shows(&mut desk, id, &all).await;
    crate::held::adds(
        &mut desk,
        id,
        &format!("place={words}&lead={words}&breaks={words}"),
    )
    .await;
    let base = path(id);
    for address in [
        base.clone(),
        format!("{base}/edit"),
        format!("{base}/preview"),
        format!("{base}/cancel"),
        format!("{base}/letter"),
        format!("{base}/sessions/new"),
        "/staff/opportunities".to_owned(),
        format!("/take-part/{id}"),
        format!("/take-part/{id}/sign-up"),
        "/take-part".to_owned(),
    ] {
        let read = desk.read(&address).await;
        assert!(
            !read.contains("<img src=x") && !read.contains("<script>alert"),
            "{address}"
        );
        assert!(!read.contains("</textarea></script>"), "{address}");
    }
    let found = shown(&site, id).await.unwrap();
    assert_eq!(found.title, nasty);
    assert_eq!(says(&mut desk, id, "cancel", nasty).await, 303);
    assert!(
        !desk
            .read(&format!("/take-part/{id}"))
            .await
            .contains("<img src=x")
    );
}

#[tokio::test]
async fn a_letter_is_made_and_nothing_of_it_is_kept_but_that_it_was() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "thank_you=Vouchers&travel=Buses&contact=Dee").await;
    let letter = format!("{}/letter", path(id));
    assert!(desk.read(&letter).await.contains("Vouchers"));
    let short = desk.post(&letter, "name=&signed=P&organisation=O").await;
    assert_eq!(short.status, 422);
    let form = "name=Alex+%3Cb%3E+Example&gets=&signed=Priya%2C+worker&organisation=Harbour+House";
    let made = desk.post(&letter, form).await;
    assert_eq!(made.status, 200);
    let text = page(&made);
    for words in [
        "Alex &lt;b&gt; Example takes part in “Kinder letters”",
        "They get nothing for it.",
        "Travel is paid back as it was spent: Buses",
        "It is not a job",
        "Harbour House",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(made.header("cache-control"), "no-store");
    let audited: i64 = sqlx::query_scalar(
        "select count(*) from audit where action = 'opportunity.letter' and kind = 'opportunity'",
    )
    .fetch_one(&site.app.db.pool)
    .await
    .unwrap();
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_is_gone_and_one_that_was_shown_never_is() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "A mistake").await;
    crate::held::adds(&mut desk, id, "").await;
    let forget = format!("{}/forget", path(id));
    let phone = site.member().await;
    let lead = format!("/staff/people/{}/leads", phone.id());
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let led = ada.post(&lead, &format!("opportunity={id}")).await;
    assert_eq!(led.status, 303, "{}", page(&led));
    assert!(desk.read(&forget).await.contains("Throw this draft away?"));
    let gone = desk.post(&forget, "").await;
    assert_eq!(
        gone.header("location"),
        "/staff/opportunities?show=draft&done=thrown"
    );
    assert_eq!(desk.open(&path(id)).await.status, 404);
    let id = published(&mut desk, "").await;
    desk.post(&format!("{}/forget", path(id)), "").await;
    assert!(shown(&site, id).await.is_some());
    no_faults(&site).await;
}

#[tokio::test]
async fn each_thing_that_staff_do_is_in_the_audit_log() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let writes = Writes::open(&mut desk, id).await;
    let auto = format!("{}/autosave", path(id));
    for words in ["One", "Two", "Three"] {
        desk.post(&auto, &writes.form(&format!("{WHOLE}&access={words}"), ""))
            .await;
    }
    steps(&mut desk, id, "change").await;
    steps(&mut desk, id, "pause").await;
    steps(&mut desk, id, "nonsense").await;
    steps(&mut desk, id, "archive").await;
    steps(&mut desk, id, "close").await;
    says(&mut desk, id, "report", "Done").await;
    steps(&mut desk, id, "archive").await;
    let log: Vec<(String, String)> =
        sqlx::query_as("select action, subject from audit where kind = 'opportunity' order by id")
            .fetch_all(&site.app.db.pool)
            .await
            .unwrap();
    assert!(log.iter().all(|(_, subject)| *subject == id.to_string()));
    hire(&site, "ada", Role::Admin, &[]).await;
    let read = signed_in(&site, "ada").await.read("/staff/audit").await;
    assert!(
        read.contains("Told members what came of an opportunity"),
        "{read}"
    );
    assert!(read.contains("Kinder letters"), "{read}");
    let log: Vec<&str> = log.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(
        log,
        [
            "opportunity.start",
            "opportunity.edit",
            "opportunity.publish",
            "opportunity.edit",
            "opportunity.change",
            "opportunity.pause",
            "opportunity.close",
            "opportunity.report_back",
            "opportunity.archive",
        ]
    );
}

#[tokio::test]
async fn a_look_at_the_desks_pages_of_it_changes_nothing() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = published(&mut desk, "").await;
    let before = shown(&site, id).await;
    for below in [
        "",
        "/edit",
        "/preview",
        "/step?step=close",
        "/forget",
        "/cancel",
        "/letter",
    ] {
        desk.send(Method::GET, &format!("{}{below}", path(id)), None)
            .await;
    }
    assert_eq!(shown(&site, id).await, before);
    for nowhere in ["nonsense", "01930000-0000-7000-8000-000000000001"] {
        let address = format!("/staff/opportunities/{nowhere}");
        assert_eq!(desk.open(&address).await.status, 404);
    }
}
