//! Members who lead an opportunity: what their phones are told, and what they may say.

use crate::{
    desk::{Desk, at_the_desk, hire, signed_in},
    site::{Phone, Site, record, wire},
    sync::a_request,
};
use app::{
    domain::{
        attendee::{Attendance, Attendee},
        command::Command,
        id::{MemberId, OpportunityId, SessionId, SignUpId},
        opportunity::{Gives, Session},
        record::{SignUp, kind},
        sign_up::{RequestSignUp, SignUpState},
    },
    sync::wire::{RecordChange, SyncResponse},
};
use server::{db::staff::Role, retention, verify};

/// A session that gives its one place at once, and the opportunity that it belongs to.
async fn held(site: &Site) -> (OpportunityId, SessionId) {
    let session = site.session(Gives::FirstReceived, Some(1)).await;
    let told: Session = record(&Phone::new(site).sync(&[]).await, session).unwrap();
    (told.opportunity, session)
}

/// Everything that the phone may read, from the start.
async fn all(phone: &mut Phone<'_>, sealed: bool) -> SyncResponse {
    (phone.cursor, phone.sealed) = (None, sealed);
    phone.sync(&[]).await
}

fn attendee(response: &SyncResponse, id: SignUpId) -> Option<Attendee> {
    record(response, id)
}

fn is_told_to_lead(response: &SyncResponse, opportunity: OpportunityId) -> bool {
    let id = opportunity.to_string();
    let lead = |change: &&RecordChange| change.kind == kind::LEAD && change.id == id;
    let found = response.changes.iter().find(lead);
    found.is_some_and(|change| !change.deleted)
}

async fn leads(desk: &mut Desk<'_>, member: MemberId, opportunity: OpportunityId, how: &str) {
    let path = format!("/staff/people/{member}/leads{how}");
    let answer = desk
        .post(&path, &format!("opportunity={opportunity}"))
        .await;
    assert_eq!(answer.status, 303);
}

async fn an_admin(site: &Site) -> Desk<'_> {
    hire(site, "ada", Role::Admin, &[]).await;
    signed_in(site, "ada").await
}

fn came(sign_up: SignUpId, came: bool) -> Command {
    Command::MarkAttendance(Attendance { sign_up, came })
}

#[tokio::test]
async fn who_leads_sees_who_comes_and_only_on_a_phone_that_seals_it() {
    let site = Site::new().await;
    let (opportunity, session) = held(&site).await;
    let (_, elsewhere) = held(&site).await;
    let mut lead = site.member().await;
    let mut member = site.named("Femi").await;
    let (id, request) = a_request(session);
    member.does(&request).await;
    let (other, request) = a_request(elsewhere);
    member.does(&request).await;
    let mut desk = an_admin(&site).await;
    leads(&mut desk, lead.id(), opportunity, "").await;

    let told = all(&mut lead, false).await;
    assert!(is_told_to_lead(&told, opportunity));
    assert!(
        told.sums
            .unwrap()
            .keys()
            .all(|scope| !scope.starts_with("lead:"))
    );
    let told = all(&mut lead, true).await;
    let seen = told
        .changes
        .iter()
        .filter(|change| change.kind == kind::ATTENDEE);
    assert_eq!(seen.count(), 1, "nobody of another opportunity: {other}");
    let femi = told
        .changes
        .iter()
        .find(|change| change.id == id.to_string());
    let body = femi
        .and_then(|change| change.body.as_ref())
        .unwrap()
        .0
        .get();
    assert!(
        body.contains("Femi") && body.contains("A quiet room"),
        "{body}"
    );
    assert!(
        !body.contains("like to help"),
        "no more than it takes: {body}"
    );
    // To anybody else it says nothing, whatever they say of their phone.
    for sealed in [true, false] {
        let told = all(&mut member, sealed).await;
        assert!(
            told.changes
                .iter()
                .all(|change| change.kind != kind::ATTENDEE)
        );
    }
    // The PIN is turned off: the scope is gone from the sums, which clears the phone.
    let sums = all(&mut lead, false).await.sums.unwrap();
    assert!(sums.keys().all(|scope| !scope.starts_with("lead:")));
}

#[tokio::test]
async fn needs_are_told_with_consent_and_a_place_alone() {
    let site = Site::new().await;
    let (opportunity, session) = held(&site).await;
    let mut lead = site.member().await;
    let mut desk = an_admin(&site).await;
    leads(&mut desk, lead.id(), opportunity, "").await;
    let mut first = site.member().await;
    let (silent, request) = a_request(session);
    let Command::RequestSignUp(request) = request else {
        unreachable!()
    };
    let request = RequestSignUp {
        access_needs_consent: false,
        ..request
    };
    first.does(&Command::RequestSignUp(request)).await;
    let mut second = site.member().await;
    let (waits, request) = a_request(session);
    second.does(&request).await;
    let told = all(&mut lead, true).await;
    assert_eq!(attendee(&told, silent).unwrap().access_needs, None);
    let waiting = attendee(&told, waits).unwrap();
    assert_eq!(
        (waiting.state, waiting.access_needs),
        (SignUpState::Waiting, None)
    );
    // The place goes on: the first is gone from the lead's phone, the second stands there with an offer.
    first.does(&Command::WithdrawSignUp(silent)).await;
    let news = lead.sync(&[]).await;
    let gone = news
        .changes
        .iter()
        .find(|change| change.id == silent.to_string());
    assert!(gone.is_some_and(|change| change.deleted));
    let offered = attendee(&news, waits).unwrap();
    assert_eq!(offered.state, SignUpState::Offered);
    assert_eq!(offered.access_needs.as_deref(), Some("A quiet room"));
}

#[tokio::test]
async fn who_leads_says_who_came_and_what_is_said_last_stands() {
    let site = Site::new().await;
    let (opportunity, session) = held(&site).await;
    let mut lead = site.member().await;
    let mut member = site.member().await;
    let (id, request) = a_request(session);
    member.does(&request).await;
    let mut desk = an_admin(&site).await;
    leads(&mut desk, lead.id(), opportunity, "").await;
    let said = lead
        .sync(&[
            wire(&came(id, true)),
            wire(&came(id, false)),
            wire(&came(id, true)),
        ])
        .await;
    assert!(said.outcomes.iter().all(|outcome| outcome.reason.is_none()));
    let mine: SignUp = record(&member.sync(&[]).await, id).unwrap();
    assert_eq!(mine.state, SignUpState::Attended);
    lead.does(&came(id, false)).await;
    let mine: SignUp = record(&member.sync(&[]).await, id).unwrap();
    assert_eq!(mine.state, SignUpState::NotThere);
    // Whoever has no place cannot be marked.
    let mut second = site.member().await;
    let (waits, request) = a_request(session);
    second.does(&request).await;
    // Their place went to somebody else.
    assert_eq!(lead.does(&came(id, true)).await, "no_place");
    second.does(&Command::WithdrawSignUp(waits)).await;
    assert_eq!(lead.does(&came(waits, true)).await, "no_place");
    assert_eq!(lead.does(&came(id, true)).await, "applied");
}

#[tokio::test]
async fn nobody_marks_what_they_do_not_lead() {
    let site = Site::new().await;
    let (opportunity, session) = held(&site).await;
    let (elsewhere, _) = held(&site).await;
    let mut member = site.member().await;
    let (id, request) = a_request(session);
    member.does(&request).await;
    assert_eq!(
        member.does(&came(id, true)).await,
        "not_yours",
        "not even themself"
    );
    let mut desk = an_admin(&site).await;
    let mut lead = site.member().await;
    leads(&mut desk, lead.id(), elsewhere, "").await;
    assert_eq!(lead.does(&came(id, true)).await, "not_yours");
    assert_eq!(
        lead.does(&came(SignUpId(uuid::Uuid::now_v7()), true)).await,
        "not_yours"
    );
    leads(&mut desk, lead.id(), opportunity, "").await;
    leads(&mut desk, lead.id(), opportunity, "/end").await;
    assert_eq!(lead.does(&came(id, true)).await, "not_yours");
    let told = all(&mut lead, true).await;
    assert!(!is_told_to_lead(&told, opportunity));
    let scope = format!("lead:{opportunity}");
    assert!(told.sums.unwrap().keys().all(|one| *one != scope));
    let left: Option<(i64,)> =
        sqlx::query_as("select count(*) from feed where scope = $1 and body is not null")
            .bind(scope)
            .fetch_optional(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(left, Some((0,)), "nobody reads it, so nothing is kept");
}

#[tokio::test]
async fn who_leaves_chorus_leads_nothing_and_comes_to_nothing() {
    let site = Site::new().await;
    let (opportunity, session) = held(&site).await;
    let mut desk = an_admin(&site).await;
    let (mut lead, mut other) = (site.member().await, site.member().await);
    leads(&mut desk, lead.id(), opportunity, "").await;
    leads(&mut desk, other.id(), opportunity, "").await;
    let mut member = site.named("Femi").await;
    let (id, request) = a_request(session);
    member.does(&request).await;
    all(&mut other, true).await;
    assert_eq!(member.does(&Command::Leave(member.id())).await, "applied");
    let news = other.sync(&[]).await;
    let gone = news
        .changes
        .iter()
        .find(|change| change.id == id.to_string());
    assert!(gone.is_some_and(|change| change.deleted));
    assert_eq!(lead.does(&Command::Leave(lead.id())).await, "applied");
    let rows: Vec<(String,)> = sqlx::query_as("select member from leads")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(rows, [(other.id().to_string(),)]);
}

#[tokio::test]
async fn staff_make_their_own_members_leads_and_nobody_elses() {
    let site = Site::new().await;
    let team = site.team("Harbour", "STAR-1").await;
    let (opportunity, _) = held(&site).await;
    let mine = site.joined("STAR-1").await.id();
    let other = site.member().await.id();
    let mut desk = at_the_desk(&site, "priya", &[team]).await;
    leads(&mut desk, mine, opportunity, "").await;
    let page = desk.read(&format!("/staff/people/{mine}")).await;
    assert!(page.contains("End: they lead"), "{page}");
    let path = format!("/staff/people/{other}/leads");
    let form = format!("opportunity={opportunity}");
    assert_eq!(desk.post(&path, &form).await.status, 404);
    let path = format!("/staff/people/{mine}/leads");
    for form in ["opportunity=nonsense", &format!("opportunity={mine}")] {
        assert_eq!(desk.post(&path, form).await.status, 404);
    }
}

#[tokio::test]
async fn what_is_let_go_of_after_its_time_is_gone_from_a_leads_phone_as_well() {
    let site = Site::new().await;
    let (opportunity, session) = held(&site).await;
    let mut desk = an_admin(&site).await;
    let mut lead = site.member().await;
    leads(&mut desk, lead.id(), opportunity, "").await;
    let mut member = site.named("Femi").await;
    let (id, request) = a_request(session);
    member.does(&request).await;
    assert!(attendee(&all(&mut lead, true).await, id).is_some());
    let ages = site.app.writer.run(|tx| {
        Box::pin(async move {
            let ages = "update sign_ups set received_at = 1";
            sqlx::query(ages).execute(tx).await?;
            Ok(())
        })
    });
    ages.await.unwrap();
    retention::expire(&site.app).await.unwrap();
    let news = lead.sync(&[]).await;
    let gone = news
        .changes
        .iter()
        .find(|change| change.id == id.to_string());
    assert!(gone.is_some_and(|change| change.deleted));
    let words = "select count(*) from feed where body like '%A quiet room%'";
    let (left,): (i64,) = sqlx::query_as(words)
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}
