//! Accounts of leads: each runs the groups that they lead from the desk, and nothing else is there for them.

use crate::{
    desk::{Desk, PASSWORD, escape, hire, page, signed_in},
    held,
    programme::{WHOLE, path},
    safety_settings::name_readers,
    site::{Phone, Site, record},
    staff_two_step::goes_stale,
    sync::a_request,
};
use app::domain::{
    command::Command,
    group::{Group, GroupState, GroupStep},
    id::{GroupId, OpportunityId, SessionId, SignUpId, StaffId},
    opportunity::{Agreement, Area, Gives, OpportunityState},
    plan::Plan,
    programme::Step,
    record::SignUp,
    sign_up::{RequestSignUp, SignUpState},
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use futures_util::StreamExt as _;
use server::{
    commands::{
        group_desk::GroupAction,
        programme::{Keeping, ProgrammeAction, ProgrammeDone},
    },
    db::{
        calendars::{self, Whose},
        edits,
        groups::{self, leads as group_leads},
        mail, opportunities, sessions,
        staff::Role,
    },
    error::Error,
};
use std::time::Duration;
use uuid::Uuid;

/// A group that nobody leads yet.
pub async fn a_group(site: &Site, title: &str) -> GroupId {
    let id = GroupId(Uuid::now_v7());
    let by = site.staff(&format!("maker of {title}"), &[]).await;
    let group = Group {
        area: Area::Wording,
        title: title.to_owned(),
        does: "We read letters.".to_owned(),
        who_for: None,
        meets: None,
        led_by: Some("Lee".to_owned()),
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: 1,
            text: "Be kind.".to_owned(),
        },
        state: GroupState::Open,
    };
    let add = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { groups::add(tx, id, &group, by, 0).await }));
    add.await.expect("a group");
    id
}

/// An account leads a group, or no more.
pub async fn leads(site: &Site, staff: StaffId, group: GroupId, is_lead: bool) {
    let change = site.app.writer.run(move |tx| {
        Box::pin(async move {
            if is_lead {
                group_leads::add_account(tx, group, staff, (staff, 0)).await
            } else {
                group_leads::remove_account(tx, group, staff).await
            }
        })
    });
    assert!(change.await.expect("a lead"), "it changes something");
}

/// What is written of it now, and the version.
async fn written(site: &Site, id: OpportunityId) -> (Plan, i64) {
    let mut reader = site.app.db.reader().await.unwrap();
    let row = opportunities::find(&mut reader, id).await.unwrap();
    let edit = edits::find(&mut reader, id).await.unwrap();
    let plan = edit.map_or_else(|| Plan::of(&row.record), |edit| edit.plan);
    (plan, row.version)
}

/// Keeps an opportunity as one of this group, as `by`.
async fn keeps_in(
    site: &Site,
    by: StaffId,
    id: OpportunityId,
    group: Option<GroupId>,
) -> Result<ProgrammeDone, Error> {
    let (plan, version) = written(site, id).await;
    let keeping = Keeping {
        plan: Box::new(Plan { group, ..plan }),
        version,
        editor: Uuid::now_v7().to_string(),
    };
    let keep = ProgrammeAction::Keep(id, keeping);
    site.app.writer.programme(by, keep).await
}

/// Puts an opportunity into a group, or takes it out of all.
pub async fn moves(site: &Site, by: StaffId, id: OpportunityId, group: Option<GroupId>) {
    keeps_in(site, by, id, group).await.expect("an edit");
    let take = ProgrammeAction::Take(id, Step::Change, None);
    let done = site.app.writer.programme(by, take).await;
    assert_eq!(done.expect("a step"), ProgrammeDone::Done);
}

/// Two groups, with an opportunity and a sign-up in each, and one that stands alone.
struct Scene<'a> {
    /// Staff, who does what is done behind the lead's back.
    priya: StaffId,
    lee: StaffId,
    desk: Desk<'a>,
    group: GroupId,
    other_group: GroupId,
    own: Thing<'a>,
    other: Thing<'a>,
    alone: Thing<'a>,
}

/// An opportunity with its session, and who asked for a place.
struct Thing<'a> {
    opportunity: OpportunityId,
    session: SessionId,
    sign_up: SignUpId,
    phone: Phone<'a>,
}

async fn asks<'a>(site: &'a Site, name: &str, session: SessionId) -> (SignUpId, Phone<'a>) {
    let mut phone = site.named(name).await;
    let (id, command) = a_request(session);
    assert_eq!(phone.does(&command).await, "applied");
    (id, phone)
}

async fn a_thing<'a>(
    site: &'a Site,
    by: StaffId,
    group: Option<GroupId>,
    (title, name): (&str, &str),
) -> Thing<'a> {
    let session = site.session(Gives::Staff, Some(4)).await;
    site.at_two(session).await;
    let mut reader = site.app.db.reader().await.unwrap();
    let opportunity = sessions::record(&mut reader, session).await.unwrap();
    let opportunity = opportunity.opportunity;
    drop(reader);
    let (plan, version) = written(site, opportunity).await;
    let keeping = Keeping {
        plan: Box::new(Plan {
            title: title.to_owned(),
            ..plan
        }),
        version,
        editor: Uuid::now_v7().to_string(),
    };
    let keep = ProgrammeAction::Keep(opportunity, keeping);
    site.app.writer.programme(by, keep).await.unwrap();
    moves(site, by, opportunity, group).await;
    let (sign_up, phone) = asks(site, name, session).await;
    Thing {
        opportunity,
        session,
        sign_up,
        phone,
    }
}

async fn scene(site: &Site) -> Scene<'_> {
    let priya = hire(site, "priya", Role::Staff, &[]).await;
    let lee = hire(site, "lee", Role::Lead, &[]).await;
    let group = a_group(site, "Letters").await;
    let other_group = a_group(site, "Panels").await;
    leads(site, lee, group, true).await;
    Scene {
        priya,
        lee,
        desk: signed_in(site, "lee").await,
        group,
        other_group,
        own: a_thing(site, priya, Some(group), ("Kind letters", "Femi")).await,
        other: a_thing(site, priya, Some(other_group), ("Job panel", "Samphire")).await,
        alone: a_thing(site, priya, None, ("Open day", "Tansy")).await,
    }
}

/// Words of what a lead of Letters must not learn of.
const HIDDEN: [&str; 5] = ["Samphire", "Tansy", "Job panel", "Open day", "Panels"];

fn tells_nothing_else(shown: &str) {
    for hidden in HIDDEN {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

async fn audited(site: &Site, by: StaffId) -> Vec<(String, String)> {
    sqlx::query_as("select action, subject from audit where staff = $1 order by id")
        .bind(by.to_string())
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap()
}

async fn state(thing: &mut Thing<'_>) -> SignUpState {
    thing.phone.cursor = None;
    let told = thing.phone.sync(&[]).await;
    record::<SignUp>(&told, thing.sign_up).unwrap().state
}

#[tokio::test]
async fn a_lead_sees_what_belongs_to_their_groups_and_no_trace_of_anything_else() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let (own, session) = (it.own.opportunity, it.own.session);
    for path in [
        "/staff/sign-ups".to_owned(),
        "/staff/sign-ups?show=all".to_owned(),
        format!("/staff/sign-ups?show=all&opportunity={own}"),
        format!("/staff/sign-ups?show=all&session={session}"),
        "/staff/opportunities".to_owned(),
    ] {
        let shown = it.desk.read(&path).await;
        assert!(shown.contains("Kind letters"), "{path}: {shown}");
        tells_nothing_else(&shown);
    }
    // What is not theirs is not meant: neither its name nor how many there are.
    let (other, alone) = (&it.other, &it.alone);
    for path in [
        format!("opportunity={}", other.opportunity),
        format!("opportunity={}", alone.opportunity),
        format!("session={}", other.session),
        format!("session={}", alone.session),
    ] {
        let path = format!("/staff/sign-ups?show=all&{path}");
        tells_nothing_else(&it.desk.read(&path).await);
    }
    // One is counted in each place where three are there.
    let board = it.desk.read("/staff/sign-ups?show=all").await;
    assert!(
        board.contains("All <span class=\"count\">1</span>"),
        "{board}"
    );
    assert!(!board.contains("<span class=\"count\">3"), "{board}");
    let list = it.desk.read("/staff/opportunities").await;
    assert!(!list.contains("<span class=\"count\">3</span>"), "{list}");
    // Nothing is found by a name that is there, nor is it counted.
    for name in ["Samphire", "samph", "Tansy"] {
        let found = it.desk.read(&format!("/staff/sign-ups?name={name}")).await;
        assert!(
            found.contains("All <span class=\"count\">0</span>"),
            "{found}"
        );
        assert!(!found.contains("Open the sign-up of"), "{found}");
    }
    let found = it.desk.read("/staff/sign-ups?name=femi").await;
    assert!(found.contains("Open the sign-up of Femi"), "{found}");
    assert_eq!(mail::waiting(&site.app.db.pool, it.lee).await.unwrap(), 1);
    assert_eq!(mail::waiting(&site.app.db.pool, it.priya).await.unwrap(), 3);
}

#[tokio::test]
async fn the_ways_of_a_lead_are_those_that_open_and_everything_else_says_so_kindly() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let first = it.desk.open("/staff").await;
    let first = first.header("location").to_owned();
    let shown = it.desk.read(&first).await;
    let ways = shown.split_once("id=\"ways\"").unwrap().1;
    let ways = ways.split_once("</nav>").unwrap().0;
    let ways: Vec<&str> = ways
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(
        ways,
        [
            "/staff/sign-ups",
            "/staff/opportunities",
            "/staff/groups",
            "/staff/words",
            "/staff/changes",
            "/staff/learning",
            "/staff/mail"
        ]
    );
    for way in ways {
        it.desk.read(way).await;
    }
    let note = format!("/staff/sign-ups/{}/note", it.own.sign_up);
    for path in [
        "/staff/check-ins",
        "/staff/people",
        "/staff/help-now",
        "/staff/safety",
    ] {
        let refused = it.desk.open(path).await;
        assert_eq!(refused.status, 403, "{path}");
        let said = page(&refused);
        assert!(
            said.contains("This part of the desk is for staff"),
            "{said}"
        );
        assert!(said.contains("href=\"/staff/sign-ups\""));
    }
    assert_eq!(it.desk.post(&note, "note=Rang").await.status, 403);
}

/// What can be opened and done with one of each, with what is sent.
fn all_of(thing: &Thing<'_>, group: GroupId) -> (Vec<String>, Vec<(String, String)>) {
    let (o, s, u) = (thing.opportunity, thing.session, thing.sign_up);
    let opens = [
        "",
        "/edit",
        "/preview",
        "/step?step=close",
        "/forget",
        "/report",
        "/cancel",
    ];
    let opens = opens.iter().chain(&["/letter", "/sessions/new"]);
    let mut opens: Vec<String> = opens
        .map(|it| format!("/staff/opportunities/{o}{it}"))
        .collect();
    let held = ["", "/move", "/cancel", "/register", "/calendar.ics"];
    opens.extend(held.map(|it| format!("/staff/sessions/{s}{it}")));
    let asked = ["", "/cancel", "/thank", "/safety"];
    opens.extend(asked.map(|it| format!("/staff/sign-ups/{u}{it}")));
    let said = "message=Sorry+about+that&step=previewed";
    let keep = format!("version=0&editor=a&{WHOLE}&group={group}");
    let worry = format!("entry={}&worry=Something", Uuid::now_v7());
    let does = [
        (format!("/staff/opportunities/{o}/edit"), keep.as_str()),
        (format!("/staff/opportunities/{o}/autosave"), keep.as_str()),
        (format!("/staff/opportunities/{o}/step"), "step=pause"),
        (format!("/staff/opportunities/{o}/step"), "step=close"),
        (format!("/staff/opportunities/{o}/forget"), ""),
        (format!("/staff/opportunities/{o}/report"), said),
        (format!("/staff/opportunities/{o}/cancel"), said),
        (
            format!("/staff/opportunities/{o}/letter"),
            "name=A&signed=B&organisation=C",
        ),
        (
            format!("/staff/opportunities/{o}/sessions"),
            "zone=Europe%2FLondon&mode=phone",
        ),
        (format!("/staff/sessions/{s}"), "mode=online"),
        (
            format!("/staff/sessions/{s}/move"),
            "day=2040-03-13&time=10%3A00&zone=Europe%2FLondon&reason=R&step=previewed",
        ),
        (format!("/staff/sessions/{s}/cancel"), said),
        (format!("/staff/sign-ups/{u}/confirm"), ""),
        (format!("/staff/sign-ups/{u}/offer"), ""),
        (format!("/staff/sign-ups/{u}/came"), ""),
        (format!("/staff/sign-ups/{u}/not-there"), ""),
        (format!("/staff/sign-ups/{u}/thank"), said),
        (format!("/staff/sign-ups/{u}/cancel"), said),
        (format!("/staff/sign-ups/{u}/safety"), worry.as_str()),
    ];
    let does = does.map(|(path, form)| (path, form.to_owned()));
    (opens, does.into())
}

#[tokio::test]
async fn what_is_out_of_reach_is_not_there_whoever_guesses_its_id() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let (theirs, alone) = (all_of(&it.other, it.group), all_of(&it.alone, it.group));
    for (opens, does) in [theirs, alone] {
        for path in opens {
            let answer = it.desk.open(&path).await;
            assert_eq!(answer.status, 404, "{path}");
            tells_nothing_else(&page(&answer));
        }
        for (path, form) in does {
            let answer = it.desk.post(&path, &form).await;
            assert_eq!(answer.status, 404, "{path}");
            tells_nothing_else(&page(&answer));
        }
    }
    assert!(audited(&site, it.lee).await.is_empty());
    for thing in [&mut it.other, &mut it.alone] {
        assert_eq!(state(thing).await, SignUpState::Received);
    }
    // All of it is there where it is theirs, but for what has its time.
    let (opens, _) = all_of(&it.own, it.group);
    for path in opens {
        let status = it.desk.open(&path).await.status;
        assert!(status != 404 && status != 403, "{path}: {status}");
    }
}

#[tokio::test]
async fn a_lead_runs_one_from_the_idea_to_thanks_and_each_step_is_in_the_log_under_their_name() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let desk = &mut it.desk;
    // One group alone to choose: it is chosen.
    let new = desk.read("/staff/opportunities/new").await;
    assert!(new.contains(&format!("value=\"{}\"", it.group)), "{new}");
    assert!(!new.contains("it stands alone"));
    let form = format!("title=Tea&area=wording&group={}", it.group);
    let started = desk.post("/staff/opportunities", &form).await;
    assert_eq!(started.status, 303, "{}", page(&started));
    let id = started.header("location").split('/').nth(3).unwrap();
    let id: OpportunityId = id.parse().unwrap();
    let keep = format!("version=0&editor=a&step=publish&{WHOLE}&group={}", it.group);
    let kept = desk.post(&format!("{}/edit", path(id)), &keep).await;
    assert_eq!(kept.status, 303, "{}", page(&kept));
    let held = held::adds(desk, id, "day=2040-03-13&time=14%3A00").await;
    assert!(!held.is_empty());
    let (asked, mut bo) = asks(&site, "Bo", held[0]).await;
    let shown = desk.read(&format!("/staff/sign-ups/{asked}")).await;
    assert!(
        shown.contains("Bo") && shown.contains("like to help"),
        "{shown}"
    );
    for (what, form) in [
        ("confirm", "message=Welcome&step=previewed"),
        ("came", ""),
        ("thank", "message=Thanks&step=previewed"),
    ] {
        let done = desk
            .post(&format!("/staff/sign-ups/{asked}/{what}"), form)
            .await;
        assert_eq!(done.status, 303, "{what}: {}", page(&done));
    }
    bo.cursor = None;
    let told: SignUp = record(&bo.sync(&[]).await, asked).unwrap();
    assert_eq!(told.state, SignUpState::Thanked);
    desk.read(&format!("/staff/sessions/{}/register", held[0]))
        .await;
    let log = audited(&site, it.lee).await;
    let said: Vec<&str> = log.iter().map(|(action, _)| action.as_str()).collect();
    let expected = [
        "opportunity.start",
        "opportunity.edit",
        "opportunity.publish",
        "session.add",
        "sign_up.read",
        "sign_up.confirm",
        "sign_up.came",
        "sign_up.thank",
        "sign_ups.register",
    ];
    for action in expected {
        assert!(said.contains(&action), "{action} in {said:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_leads_is_put_into_another_group_or_into_none() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let own = it.own.opportunity;
    let edit = format!("{}/edit", path(own));
    let form = it.desk.read(&edit).await;
    assert!(form.contains(&it.group.to_string()) && !form.contains("it stands alone"));
    assert!(!form.contains(&it.other_group.to_string()));
    for group in [
        String::new(),
        it.other_group.to_string(),
        Uuid::now_v7().to_string(),
    ] {
        let (_, version) = written(&site, own).await;
        let whole = WHOLE.replace("People+asked", "My+very+words");
        let more = format!("version={version}&editor=a&{whole}&group={group}");
        let answer = it.desk.post(&edit, &more).await;
        assert_eq!(answer.status, 422, "{group}");
        let said = page(&answer);
        assert!(said.contains("My very words"), "given back: {said}");
        assert!(said.contains("Please pick one of the groups that you lead."));
        let kept = it
            .desk
            .post(&format!("{}/autosave", path(own)), &more)
            .await;
        assert_eq!(kept.status, 422);
        let start = format!("title=My+new+one&area=other&group={group}");
        let answer = it.desk.post("/staff/opportunities", &start).await;
        assert_eq!(answer.status, 422);
        assert!(page(&answer).contains("My new one"));
    }
    // Nor in the transaction itself.
    for group in [None, Some(it.other_group)] {
        let kept = keeps_in(&site, it.lee, own, group).await;
        assert_eq!(kept.unwrap(), ProgrammeDone::NotTheirs);
    }
    // What staff wrote meanwhile would move it: a lead does not bring that about.
    keeps_in(&site, it.priya, own, Some(it.other_group))
        .await
        .unwrap();
    let step = it
        .desk
        .post(&format!("{}/step", path(own)), "step=change")
        .await;
    assert_eq!(step.status, 422);
    assert!(page(&step).contains("a group that you do not lead"));
    let mut reader = site.app.db.reader().await.unwrap();
    let row = opportunities::find(&mut reader, own).await.unwrap();
    assert_eq!(Plan::of(&row.record).group, Some(it.group));
    assert_eq!(row.record.state, OpportunityState::Published);
}

#[tokio::test]
async fn many_at_once_does_what_is_in_reach_and_the_rest_is_as_if_it_were_not_there() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let ids = format!(
        "sign_up={}&sign_up={}&sign_up={}",
        it.own.sign_up, it.other.sign_up, it.alone.sign_up
    );
    let given = it
        .desk
        .post("/staff/sign-ups/many", &format!("do=give&{ids}"))
        .await;
    assert!(given.header("location").contains("&done=1&ended=2"));
    let words = format!("do=cancel&{ids}");
    let asked = it.desk.post("/staff/sign-ups/many", &words).await;
    tells_nothing_else(&page(&asked));
    assert!(page(&asked).contains("Femi"));
    let seen = format!("{words}&message=Sorry&step=send");
    let seen = it.desk.post("/staff/sign-ups/many", &seen).await;
    tells_nothing_else(&page(&seen));
    let sent = format!("{words}&message=Sorry&step=previewed");
    let sent = it.desk.post("/staff/sign-ups/many", &sent).await;
    assert!(sent.header("location").contains("&done=1&ended=2"));
    assert_eq!(state(&mut it.own).await, SignUpState::Cancelled);
    for thing in [&mut it.other, &mut it.alone] {
        assert_eq!(state(thing).await, SignUpState::Received);
    }
    let log = audited(&site, it.lee).await;
    assert!(
        log.iter()
            .all(|(_, subject)| *subject == it.own.sign_up.to_string())
    );
}

#[tokio::test]
async fn a_file_has_their_own_alone_and_asks_who_it_is() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let forms = [
        "show=all".to_owned(),
        "show=all&needs=1".to_owned(),
        format!("show=all&session={}", it.other.session),
        format!("show=all&opportunity={}", it.alone.opportunity),
    ];
    for form in forms {
        let file = it.desk.post("/staff/sign-ups/export", &form).await;
        assert_eq!(file.status, 200);
        let file = page(&file);
        assert!(file.contains("Femi"), "{file}");
        tells_nothing_else(&file);
    }
    let log = audited(&site, it.lee).await;
    assert!(
        log.iter()
            .any(|(action, _)| action == "sign_ups.export_needs")
    );
    let theirs = it.other.session.to_string();
    assert!(log.iter().all(|(_, subject)| *subject != theirs));
    goes_stale(&site).await;
    let asked = it.desk.post("/staff/sign-ups/export", "show=all").await;
    assert_eq!(asked.status, 401);
}

#[tokio::test]
async fn what_moves_to_another_group_is_gone_at_the_next_request_and_back_when_it_moves_back() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let page_of_it = path(it.own.opportunity);
    let sign_up = format!("/staff/sign-ups/{}", it.own.sign_up);
    it.desk.read(&page_of_it).await;
    for away in [Some(it.other_group), None] {
        moves(&site, it.priya, it.own.opportunity, away).await;
        assert_eq!(it.desk.open(&page_of_it).await.status, 404);
        assert_eq!(it.desk.open(&sign_up).await.status, 404);
        let words = "message=My+long+words+for+you&step=send";
        let answer = it.desk.post(&format!("{sign_up}/confirm"), words).await;
        assert_eq!(answer.status, 404);
        assert!(
            page(&answer).contains("My long words for you"),
            "no word is lost"
        );
        let board = it.desk.read("/staff/sign-ups?show=all").await;
        assert!(!board.contains("Femi"), "{board}");
        moves(&site, it.priya, it.own.opportunity, Some(it.group)).await;
        it.desk.read(&page_of_it).await;
    }
    let shown = it.desk.read(&sign_up).await;
    assert!(shown.contains("Femi"));
}

#[tokio::test]
async fn who_leads_a_group_no_more_while_writing_gets_every_word_back() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let own = it.own.opportunity;
    let (_, version) = written(&site, own).await;
    leads(&site, it.lee, it.group, false).await;
    let words = format!(
        "version={version}&editor=a&title=T&area=other&purpose=My+very+words&what_happens=And+these&group={}",
        it.group
    );
    let answer = it.desk.post(&format!("{}/edit", path(own)), &words).await;
    assert_eq!(answer.status, 404);
    let said = page(&answer);
    assert!(
        said.contains("My very words") && said.contains("And these"),
        "{said}"
    );
    assert!(said.contains("This is not with you any more"));
    let report = "message=What+came+of+it+all&step=previewed";
    let answer = it.desk.post(&format!("{}/report", path(own)), report).await;
    assert_eq!(answer.status, 404);
    assert!(page(&answer).contains("What came of it all"));
    // In the transaction itself, too.
    let kept = keeps_in(&site, it.lee, own, Some(it.group)).await;
    assert!(matches!(kept, Err(Error::NotFound)), "{kept:?}");
    let list = it.desk.read("/staff/opportunities").await;
    assert!(!list.contains("Kind letters"));
    let new = it.desk.read("/staff/opportunities/new").await;
    assert!(new.contains("You do not lead a group yet."), "{new}");
    let start = it
        .desk
        .post("/staff/opportunities", "title=Mine&area=other")
        .await;
    assert_eq!(start.status, 422);
    // A password that was sent to a page that is not there is never shown.
    let secret = it
        .desk
        .post(
            "/staff/invite/guessed",
            "password=lived+experience&message=Hi",
        )
        .await;
    assert_eq!(secret.status, 404);
    assert!(!page(&secret).contains("lived experience"));
}

#[tokio::test]
async fn a_lead_reads_what_running_the_session_takes_and_no_note_of_staff() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let mut priya = signed_in(&site, "priya").await;
    let one = format!("/staff/sign-ups/{}", it.own.sign_up);
    let kept = priya.post(&format!("{one}/note"), "note=Only+for+us").await;
    assert_eq!(kept.status, 303);
    let shown = it.desk.read(&one).await;
    assert!(
        shown.contains("A quiet room") && shown.contains("like to help"),
        "{shown}"
    );
    assert!(!shown.contains("Only for us") && !shown.contains("Note for staff"));
    assert!(
        !shown.contains("Wrote a note for staff"),
        "not even that there is one: {shown}"
    );
    assert!(priya.read(&one).await.contains("Only for us"));
    // What would make it easier is told to who runs it only where the person said so.
    let mut phone = site.named("Ash").await;
    let (id, command) = a_request(it.own.session);
    let Command::RequestSignUp(request) = command else {
        unreachable!()
    };
    let request = RequestSignUp {
        access_needs_consent: false,
        ..request
    };
    phone.does(&Command::RequestSignUp(request)).await;
    let one = format!("/staff/sign-ups/{id}");
    let shown = it.desk.read(&one).await;
    assert!(
        shown.contains("Ash") && !shown.contains("A quiet room"),
        "{shown}"
    );
}

#[tokio::test]
async fn who_rang_is_written_down_for_their_own_sessions_and_nobody_is_looked_up() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let form = it.desk.read("/staff/enter").await;
    assert!(form.contains("Kind letters"));
    tells_nothing_else(&form);
    let members = || async {
        let count: i64 = sqlx::query_scalar("select count(*) from members")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
        count
    };
    let before = members().await;
    for session in [it.other.session, it.alone.session] {
        let form = format!(
            "form={}&session={session}&how=rang&name=Noor",
            Uuid::now_v7()
        );
        let answer = it.desk.post("/staff/enter", &form).await;
        assert_eq!(answer.status, 422, "{session}");
        assert!(page(&answer).contains("value=\"Noor\""), "given back");
    }
    assert_eq!(members().await, before);
    let form = format!(
        "form={}&session={}&how=rang&name=Noor",
        Uuid::now_v7(),
        it.own.session
    );
    let answer = it.desk.post("/staff/enter", &form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    assert!(
        it.desk
            .read(answer.header("location"))
            .await
            .contains("Noor")
    );
    let member = it.own.phone.id();
    let path = format!("/staff/people/{member}/sign-up");
    assert_eq!(it.desk.open(&path).await.status, 403);
}

#[tokio::test]
async fn open_pages_of_a_lead_hear_of_their_own_things_alone() {
    let site = Site::new().await;
    let it = scene(&site).await;
    let request = Request::get("/staff/events").header("cookie", it.desk.cookie.unwrap());
    let (status, mut stream) = site.listen(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    asks(&site, "Ash", it.other.session).await;
    asks(&site, "Ivy", it.alone.session).await;
    let quiet = tokio::time::timeout(Duration::from_millis(300), stream.next()).await;
    assert!(quiet.is_err(), "nothing of theirs came");
    asks(&site, "Bo", it.own.session).await;
    let come = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
    let said = String::from_utf8(come.unwrap().unwrap().unwrap().to_vec()).unwrap();
    assert!(said.contains("event: arrived"), "{said}");
}

#[tokio::test]
async fn a_lead_who_is_worried_writes_it_down_and_reads_no_record() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    name_readers(&site, &[it.lee, it.priya]).await;
    let about = format!("/staff/sign-ups/{}/safety", it.own.sign_up);
    let page_of_it = it.desk.read(&about).await;
    assert!(
        page_of_it.contains("priya") && !page_of_it.contains("lee, priya"),
        "{page_of_it}"
    );
    let entry = Uuid::now_v7();
    let kept = it
        .desk
        .post(&about, &format!("entry={entry}&worry=Not+himself"))
        .await;
    assert_eq!(kept.status, 303);
    let said = it.desk.read(kept.header("location")).await;
    assert!(!said.contains("/staff/check-ins"), "{said}");
    let new = it.desk.read("/staff/safety/new").await;
    assert!(!new.contains("href=\"/staff/safety\""));
    assert_eq!(it.desk.open("/staff/safety").await.status, 403);
    assert_eq!(
        it.desk.open(&format!("/staff/safety/{entry}")).await.status,
        403
    );
    let mut priya = signed_in(&site, "priya").await;
    assert!(priya.read("/staff/safety").await.contains("Femi"));
}

#[tokio::test]
async fn an_admin_invites_a_lead_who_is_of_no_team_and_makes_them_something_else_later() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let form = format!("email=lee%40demo.example&name=Lee&role=lead&team={harbour}");
    goes_stale(&site).await;
    assert_eq!(ada.post("/staff/accounts/invite", &form).await.status, 401);
    let mut ada = signed_in(&site, "ada").await;
    let answer = ada.post("/staff/accounts/invite", &form).await;
    let shown = page(&answer);
    let (_, after) = shown.split_once("/staff/invite/").expect("an address");
    let address = format!("/staff/invite/{}", after.split_once('<').unwrap().0);
    let mut lee = Desk {
        site: &site,
        cookie: None,
    };
    lee.post(&address, &format!("password={}", escape(PASSWORD)))
        .await;
    let own = lee.read("/staff/account").await;
    assert!(
        own.contains("Lead") && own.contains("No group yet."),
        "{own}"
    );
    assert!(!own.contains("Harbour"));
    assert_eq!(lee.open("/staff/check-ins").await.status, 403);
    let id: String = sqlx::query_scalar("select id from staff where name = 'Lee'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    let account = format!("/staff/accounts/{id}");
    // Staff: from the next request on.
    let staff = format!("name=Lee&role=staff&team={harbour}");
    assert_eq!(ada.post(&account, &staff).await.status, 303);
    lee.read("/staff/check-ins").await;
    // And back: the teams go with it, also where they stay ticked.
    let lead = format!("name=Lee&role=lead&team={harbour}");
    assert_eq!(ada.post(&account, &lead).await.status, 303);
    assert_eq!(lee.open("/staff/check-ins").await.status, 403);
    let teams: i64 = sqlx::query_scalar("select count(*) from staff_team where staff = $1")
        .bind(&id)
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(teams, 0);
    let log = ada.read("/staff/audit").await;
    assert!(log.contains("Made someone a lead") && log.contains("Made someone one of the staff"));
    assert!(ada.read("/staff/accounts").await.contains(">Lead<"));
}

#[tokio::test]
async fn staff_who_lead_a_group_keep_seeing_everything() {
    let site = Site::new().await;
    let it = scene(&site).await;
    leads(&site, it.priya, it.group, true).await;
    let mut priya = signed_in(&site, "priya").await;
    let board = priya.read("/staff/sign-ups?show=all").await;
    for name in ["Femi", "Samphire", "Tansy"] {
        assert!(board.contains(name), "{name}");
    }
    let form = priya
        .read(&format!("{}/edit", path(it.own.opportunity)))
        .await;
    assert!(
        form.contains("it stands alone") && form.contains("Panels"),
        "{form}"
    );
}

#[tokio::test]
async fn a_lead_looks_after_their_group_and_staff_say_how_far_it_has_come_and_who_leads() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let list = it.desk.read("/staff/groups").await;
    assert!(
        list.contains("Letters") && !list.contains("Start a new group"),
        "{list}"
    );
    tells_nothing_else(&list);
    let (own, other) = (
        format!("/staff/groups/{}", it.group),
        format!("/staff/groups/{}", it.other_group),
    );
    let shown = it.desk.read(&own).await;
    assert!(
        shown.contains("/messages\"") && !shown.contains("/step\""),
        "{shown}"
    );
    for below in ["", "/edit", "/people", "/messages"] {
        it.desk.read(&format!("{own}{below}")).await;
        let theirs = it.desk.open(&format!("{other}{below}")).await;
        assert_eq!(theirs.status, 404, "{below}");
        tells_nothing_else(&page(&theirs));
    }
    let words = format!("id={}&words=Hello+all", Uuid::now_v7());
    let said = it.desk.post(&format!("{own}/messages"), &words).await;
    assert_eq!(said.status, 303, "{}", page(&said));
    let said = it.desk.post(&format!("{other}/messages"), &words).await;
    assert_eq!(said.status, 404);
    let whom = format!("staff={}&step=give", it.lee);
    for (what, form) in [
        ("step", "step=pause"),
        ("end", "version=0"),
        ("forget", ""),
        ("leads", whom.as_str()),
        ("backup", whom.as_str()),
    ] {
        let refused = it.desk.post(&format!("{own}/{what}"), form).await;
        assert_eq!(refused.status, 403, "{what}");
    }
    // Nor in the transaction itself.
    for action in [
        GroupAction::Take(GroupStep::Pause),
        GroupAction::Account(it.lee, true),
        GroupAction::Backup(it.lee),
    ] {
        let done = site.app.writer.group(it.lee, it.group, action).await;
        assert!(matches!(done, Err(Error::Forbidden)), "{done:?}");
    }
    let done = site
        .app
        .writer
        .group(it.lee, it.other_group, GroupAction::ThrowAway)
        .await;
    assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    // Behind the leads of a group there is staff.
    leads(&site, it.priya, it.group, true).await;
    let backup = GroupAction::Backup(it.lee);
    let done = site.app.writer.group(it.priya, it.group, backup).await;
    assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
}

#[tokio::test]
async fn the_calendar_of_a_lead_has_what_they_reach_at_the_time_when_it_is_asked_for() {
    let site = Site::new().await;
    let it = scene(&site).await;
    let held = async || {
        let mut reader = site.app.db.reader().await.unwrap();
        let all = (Whose::Staff(it.lee), false);
        let held = calendars::sessions(&mut reader, all, 0).await.unwrap();
        held.iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(held().await, [it.own.session]);
    leads(&site, it.lee, it.group, false).await;
    assert_eq!(held().await, []);
}

#[tokio::test]
async fn a_poster_of_a_leads_takes_a_code_of_no_team_and_tells_of_no_others() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    site.team("Harbour", "STAR-1").await;
    site.code("OPEN-1").await;
    let poster = format!("{}/poster", path(it.own.opportunity));
    let asks = it.desk.read(&poster).await;
    assert!(asks.contains("OPEN-1"), "{asks}");
    assert!(
        !asks.contains("STAR-1") && !asks.contains("Harbour"),
        "{asks}"
    );
    it.desk.read(&format!("{poster}?code=OPEN1")).await;
    let guessed = it.desk.open(&format!("{poster}?code=STAR1")).await;
    assert_eq!(guessed.status, 422);
    assert!(!page(&guessed).contains("Harbour"));
    assert_eq!(it.desk.open("/staff/join-codes").await.status, 403);
}
