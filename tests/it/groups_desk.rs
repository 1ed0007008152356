//! Involvement groups at the desk: written, opened, paused, ended, looked after; and what is inside of one, which is
//! for its people and for those who look after it, and for nobody else.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    programme::{self, WHOLE},
    site::{Phone, Site, record},
};
use app::{
    domain::{
        command::Command,
        group::{Group, GroupAct, GroupState, InGroup, Membership, Message, MessageState},
        id::{GroupId, PersonId, StaffId},
        opportunity::Opportunity,
        record::kind,
    },
    sync::wire::RecordChange,
};
use axum::http::Method;
use server::{db::staff::Role, retention, verify};
use sqlx::Row;
use uuid::Uuid;

/// All that must be written before a group opens.
const WORDS: &str = "title=Letters&area=wording&does=We+read+letters&led_by=Dee&agreement=What+is+said+stays+here\
    &who_for=Anyone&meets=Tuesdays&came_of_it=";

fn path(id: GroupId) -> String {
    format!("/staff/groups/{id}")
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Starts one; gives its id.
async fn starts(desk: &mut Desk<'_>, title: &str) -> GroupId {
    let form = format!("title={}&area=wording", escape(title));
    let answer = desk.post("/staff/groups", &form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let id = answer.header("location").split('/').nth(3).unwrap();
    id.parse().unwrap()
}

/// The form as it is open now, with other words.
struct Writes {
    version: String,
    seen: String,
}

impl Writes {
    fn of(page: &str) -> Self {
        Self {
            version: hidden(page, "version"),
            seen: hidden(page, "seen"),
        }
    }

    async fn open(desk: &mut Desk<'_>, id: GroupId) -> Self {
        Self::of(&desk.read(&format!("{}/edit", path(id))).await)
    }

    async fn send(
        &self,
        desk: &mut Desk<'_>,
        id: GroupId,
        words: &str,
        step: &str,
    ) -> (u16, String) {
        let (version, seen) = (&self.version, escape(&self.seen));
        let form = format!("version={version}&seen={seen}&step={step}&{words}");
        let answer = desk.post(&format!("{}/edit", path(id)), &form).await;
        (answer.status.as_u16(), page(&answer))
    }
}

async fn posts(desk: &mut Desk<'_>, path: String, form: &str) -> u16 {
    desk.post(&path, form).await.status.as_u16()
}

async fn steps(desk: &mut Desk<'_>, id: GroupId, step: &str) -> u16 {
    posts(desk, format!("{}/step", path(id)), &format!("step={step}")).await
}

async fn names(desk: &mut Desk<'_>, id: GroupId, what: &str, step: &str, whom: StaffId) -> u16 {
    let form = format!("staff={whom}&step={step}");
    posts(desk, format!("{}/{what}", path(id)), &form).await
}

/// An open group that `lead` leads, with `backup` behind them.
async fn opened(desk: &mut Desk<'_>, lead: StaffId, backup: StaffId) -> GroupId {
    let id = starts(desk, "Letters").await;
    let writes = Writes::open(desk, id).await;
    assert_eq!(writes.send(desk, id, WORDS, "keep").await.0, 303);
    assert_eq!(names(desk, id, "leads", "give", lead).await, 303);
    assert_eq!(names(desk, id, "backup", "", backup).await, 303);
    assert_eq!(steps(desk, id, "open").await, 303);
    id
}

/// What everyone's phone has of it.
async fn shown(site: &Site, id: GroupId) -> Option<Group> {
    record(&Phone::new(site).sync(&[]).await, id)
}

async fn joins(phone: &mut Phone<'_>, id: GroupId, agreement: u32) -> String {
    let mut it = InGroup::new(GroupAct::Join, id);
    it.agreement = Some(agreement);
    phone.does(&Command::from(it)).await
}

async fn writes(phone: &mut Phone<'_>, id: GroupId, words: &str) -> (Uuid, String) {
    let message = Uuid::now_v7();
    let it = InGroup::about(GroupAct::Write, id, message, Some(words.to_owned()));
    (message, phone.does(&Command::from(it)).await)
}

async fn reports(phone: &mut Phone<'_>, id: GroupId, message: Uuid, why: &str) -> String {
    let it = InGroup::about(GroupAct::Report, id, message, Some(why.to_owned()));
    phone.does(&Command::from(it)).await
}

/// How a phone that asks from the start is in a group.
async fn belongs(phone: &mut Phone<'_>, id: GroupId) -> Option<Membership> {
    phone.cursor = None;
    let page = phone.sync(&[]).await;
    let is_theirs =
        |change: &&RecordChange| change.kind == kind::MEMBERSHIP && change.id == id.to_string();
    let found = page.changes.iter().rfind(is_theirs)?;
    let body = found.body.as_ref()?;
    Some(serde_json::from_str(body.0.get()).unwrap())
}

/// What a phone that asks from the start reads of a message.
async fn reads(phone: &mut Phone<'_>, message: Uuid) -> Option<Message> {
    phone.cursor = None;
    record(&phone.sync(&[]).await, message)
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    let row = sqlx::query(sql).fetch_one(&site.app.db.pool).await;
    row.unwrap().get(0)
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

/// Who is there: a lead, a backup, somebody else on the staff, and an admin.
struct Staff<'a> {
    dee: Desk<'a>,
    dee_id: StaffId,
    ben: Desk<'a>,
    ben_id: StaffId,
    tom: Desk<'a>,
    tom_id: StaffId,
    ada: Desk<'a>,
    ada_id: StaffId,
}

async fn staff(site: &Site) -> Staff<'_> {
    let dee_id = hire(site, "dee", Role::Staff, &[]).await;
    let ben_id = hire(site, "ben", Role::Staff, &[]).await;
    let tom_id = hire(site, "tom", Role::Staff, &[]).await;
    let ada_id = hire(site, "ada", Role::Admin, &[]).await;
    Staff {
        dee: signed_in(site, "dee").await,
        dee_id,
        ben: signed_in(site, "ben").await,
        ben_id,
        tom: signed_in(site, "tom").await,
        tom_id,
        ada: signed_in(site, "ada").await,
        ada_id,
    }
}

#[tokio::test]
async fn a_draft_is_staffs_alone_and_opens_only_when_all_that_it_needs_is_there() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let tom = &mut all.tom;
    let unnamed = tom.post("/staff/groups", "title=+&area=wording").await;
    assert_eq!(unnamed.status, 422);
    let id = starts(tom, "Letters").await;
    assert!(
        tom.read("/staff/groups?show=draft")
            .await
            .contains("Letters")
    );
    assert_eq!(shown(&site, id).await, None);
    let told = tom.read(&path(id)).await;
    for part in [
        "what it does",
        "how people treat each other",
        "who leads it, in words",
        "someone who leads it",
        "a backup",
    ] {
        assert!(told.contains(part), "{part}");
    }
    assert_eq!(steps(tom, id, "open").await, 422);
    assert_eq!(steps(tom, id, "pause").await, 422);
    assert_eq!(steps(tom, id, "nothing").await, 400);
    // A draft keeps what there is, and a name is needed to find it again.
    let open = Writes::open(tom, id).await;
    let nameless = open
        .send(tom, id, "title=&does=Something+kind", "keep")
        .await;
    assert_eq!(nameless.0, 422);
    assert!(nameless.1.contains("Something kind") && nameless.1.contains("title-problem"));
    assert_eq!(open.send(tom, id, WORDS, "keep").await.0, 303);
    assert_eq!(steps(tom, id, "open").await, 422, "nobody leads it");
    assert_eq!(names(tom, id, "leads", "give", all.dee_id).await, 303);
    assert_eq!(steps(tom, id, "open").await, 422, "no backup");
    assert_eq!(names(tom, id, "backup", "", all.ben_id).await, 303);
    assert_eq!(shown(&site, id).await, None);
    assert_eq!(steps(tom, id, "open").await, 303);
    let group = shown(&site, id).await.unwrap();
    assert_eq!(group.state, GroupState::Open);
    assert_eq!(group.agreement.version, 1);
    assert_eq!(group.backup.as_deref(), Some("ben"));
    assert_eq!(group.who_for.as_deref(), Some("Anyone"));
    assert_eq!(group.came_of_it, None);
    assert!(tom.read("/staff/groups").await.contains("Letters"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_draft_is_thrown_away_unless_an_opportunity_belongs_to_it() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let id = starts(&mut desk, "Letters").await;
    let form = format!("title=Read+them&area=wording&group={id}");
    let made = desk.post("/staff/opportunities", &form).await;
    let opportunity = made
        .header("location")
        .split('/')
        .nth(3)
        .unwrap()
        .to_owned();
    assert!(desk.read(&path(id)).await.contains("Read them"));
    assert!(
        desk.read("/staff/opportunities?show=draft")
            .await
            .contains("In the group “Letters”")
    );
    desk.read(&format!("{}/forget", path(id))).await;
    let kept = desk.post(&format!("{}/forget", path(id)), "").await;
    assert_eq!(kept.status, 422);
    assert!(page(&kept).contains("1 opportunity belongs to this group"));
    let forget = format!("/staff/opportunities/{opportunity}/forget");
    assert_eq!(desk.post(&forget, "").await.status, 303);
    assert_eq!(
        posts(&mut desk, format!("{}/forget", path(id)), "").await,
        303
    );
    assert_eq!(desk.open(&path(id)).await.status, 404);
    assert_eq!(
        posts(&mut desk, format!("{}/forget", path(id)), "").await,
        404
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn what_members_see_changes_only_after_it_was_seen_and_new_words_to_agree_to_are_asked_again()
{
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Sam").await;
    assert_eq!(joins(&mut sam, id, 1).await, "applied");
    let tom = &mut all.tom;
    let open = Writes::open(tom, id).await;
    let kinder = WORDS.replace("stays+here", "stays+with+us");
    // Whatever is pressed, what members see is seen first.
    for step in ["keep", "see"] {
        let (status, seen) = open.send(tom, id, &kinder, step).await;
        assert_eq!(status, 200);
        assert!(
            seen.contains("asked to say yes to these new words"),
            "{seen}"
        );
        assert!(seen.contains("What is said stays with us"));
        assert!(
            !seen.contains("<a href=\"/take-part\""),
            "nothing can be pressed"
        );
    }
    assert_eq!(shown(&site, id).await.unwrap().agreement.version, 1);
    let (status, back) = open.send(tom, id, &kinder, "edit").await;
    assert!(status == 200 && back.contains("stays with us"), "{back}");
    assert_eq!(open.send(tom, id, &kinder, "send").await.0, 303);
    let group = shown(&site, id).await.unwrap();
    assert_eq!(group.agreement.version, 2);
    assert_eq!(group.agreement.text, "What is said stays with us");
    let noted = count(&site, "select count(*) from group_agreements").await;
    assert_eq!(noted, 2);
    assert_eq!(writes(&mut sam, id, "Hello").await.1, "agreement_needed");
    let people = format!("{}/people", path(id));
    let list = all.dee.read(&people).await;
    assert!(list.contains("Has not agreed to the new words yet"));
    assert_eq!(joins(&mut sam, id, 2).await, "applied");
    assert_eq!(writes(&mut sam, id, "Hello").await.1, "applied");
    // The same words are the same version; and what is shown loses none of what it needs.
    let open = Writes::open(tom, id).await;
    assert_eq!(
        open.send(tom, id, &kinder.replace("Dee", "Dee+and+Ash"), "send")
            .await
            .0,
        303
    );
    let group = shown(&site, id).await.unwrap();
    assert_eq!(group.agreement.version, 2);
    assert_eq!(group.led_by.as_deref(), Some("Dee and Ash"));
    let open = Writes::open(tom, id).await;
    let emptied = kinder.replace("agreement=What+is+said+stays+with+us", "agreement=+");
    let (status, asked) = open.send(tom, id, &emptied, "send").await;
    assert_eq!(status, 422);
    assert!(asked.contains("agreement-problem"));
    let long = WORDS.replace("Tuesdays", &"x".repeat(4_001));
    assert_eq!(open.send(tom, id, &long, "see").await.0, 422);
    is_sound(&site).await;
}

#[tokio::test]
async fn two_who_write_at_once_each_see_both_texts_and_nothing_is_lost() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let one = Writes::open(&mut all.tom, id).await;
    let two = Writes::open(&mut all.ada, id).await;
    // A step meanwhile changes none of the words.
    assert_eq!(steps(&mut all.dee, id, "pause").await, 303);
    let toms = WORDS.replace("Tuesdays", "Mondays");
    assert_eq!(one.send(&mut all.tom, id, &toms, "send").await.0, 303);
    let adas = WORDS
        .replace("Tuesdays", "Fridays")
        .replace("Anyone", "Everyone");
    let (status, both) = two.send(&mut all.ada, id, &adas, "send").await;
    assert_eq!(status, 409);
    for words in ["Mondays", "Fridays", "Everyone"] {
        assert!(both.contains(words), "{words}");
    }
    assert_eq!(
        shown(&site, id).await.unwrap().meets.as_deref(),
        Some("Mondays")
    );
    let again = Writes::of(&both);
    assert_eq!(again.send(&mut all.ada, id, &adas, "send").await.0, 303);
    let group = shown(&site, id).await.unwrap();
    assert_eq!(group.meets.as_deref(), Some("Fridays"));
    assert_eq!(group.state, GroupState::Paused);
    // What came of it is asked at the end, and there nothing goes over another's words unseen.
    let end = format!("{}/end", path(id));
    let asked = all.tom.read(&end).await;
    assert!(asked.contains("be undone"));
    let version = hidden(&asked, "version");
    let open = Writes::open(&mut all.ada, id).await;
    let came = adas.replace("came_of_it=", "came_of_it=Kinder+letters");
    assert_eq!(open.send(&mut all.ada, id, &came, "send").await.0, 303);
    let form = format!("version={version}&came_of_it=Three+letters");
    let late = all.tom.post(&end, &form).await;
    assert_eq!(late.status, 409);
    let late = page(&late);
    assert!(late.contains("Kinder letters") && late.contains("Three letters"));
    assert_eq!(shown(&site, id).await.unwrap().state, GroupState::Paused);
    let form = format!("version={}&came_of_it=Both", hidden(&late, "version"));
    assert_eq!(posts(&mut all.tom, end.clone(), &form).await, 303);
    let group = shown(&site, id).await.unwrap();
    assert_eq!(group.state, GroupState::Ended);
    assert_eq!(group.came_of_it.as_deref(), Some("Both"));
    // It is over for good; what came of it may still be told better.
    assert_eq!(all.tom.open(&end).await.status, 422);
    assert_eq!(posts(&mut all.tom, end, &form).await, 422);
    for step in ["open", "pause"] {
        assert_eq!(steps(&mut all.tom, id, step).await, 422);
    }
    let open = Writes::open(&mut all.tom, id).await;
    let came = adas.replace("came_of_it=", "came_of_it=All+letters+changed");
    assert_eq!(open.send(&mut all.tom, id, &came, "send").await.0, 303);
    let group = shown(&site, id).await.unwrap();
    assert_eq!(group.came_of_it.as_deref(), Some("All letters changed"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_paused_group_goes_on_for_its_people_and_an_ended_one_for_nobody() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Sam").await;
    assert_eq!(joins(&mut sam, id, 1).await, "applied");
    assert_eq!(steps(&mut all.tom, id, "pause").await, 303);
    let mut ash = site.named("Ash").await;
    assert_eq!(joins(&mut ash, id, 1).await, "group_closed");
    assert_eq!(writes(&mut sam, id, "Hello").await.1, "applied");
    assert_eq!(steps(&mut all.tom, id, "open").await, 303);
    assert_eq!(joins(&mut ash, id, 1).await, "applied");
    let end = format!("{}/end", path(id));
    let version = hidden(&all.tom.read(&end).await, "version");
    let form = format!("version={version}&came_of_it=");
    assert_eq!(posts(&mut all.tom, end, &form).await, 303);
    assert_eq!(shown(&site, id).await.unwrap().came_of_it, None);
    assert_eq!(writes(&mut sam, id, "Hello again").await.1, "group_closed");
    let messages = format!("{}/messages", path(id));
    let form = format!("id={}&words=Too+late", Uuid::now_v7());
    let late = all.dee.post(&messages, &form).await;
    assert_eq!(late.status, 422);
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_inside_is_for_those_who_look_after_it_and_for_nobody_else() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Samphire").await;
    joins(&mut sam, id, 1).await;
    let (message, _) = writes(&mut sam, id, "A private word").await;
    assert_eq!(reports(&mut sam, id, message, "It hurts").await, "applied");
    let person = belongs(&mut sam, id).await.unwrap().person.unwrap();
    let pages = [
        format!("{}/messages", path(id)),
        format!("{}/messages/{message}", path(id)),
        format!("{}/people", path(id)),
        format!("{}/people/{person}", path(id)),
    ];
    let forms = [
        (0, format!("id={}&words=Hello", Uuid::now_v7())),
        (1, "step=hide&why=Because".to_owned()),
        (1, "step=show".to_owned()),
        (1, "step=looked".to_owned()),
        (1, "step=take_back".to_owned()),
        (3, "step=give".to_owned()),
        (3, "step=end".to_owned()),
        (3, "step=pause&why=Because".to_owned()),
        (3, "step=write".to_owned()),
    ];
    for desk in [&mut all.tom, &mut all.ada] {
        for page in &pages {
            assert_eq!(desk.open(page).await.status, 403, "{page}");
        }
        for (page, form) in &forms {
            assert_eq!(posts(desk, pages[*page].clone(), form).await, 403, "{form}");
        }
        let open = desk.read(&path(id)).await;
        assert!(open.contains("1 person belongs to it."));
        assert!(!open.contains("Samphire") && !open.contains("A private word"));
        assert!(!desk.read("/staff/groups").await.contains("to look at"));
    }
    let read = "select count(*) from audit where action = 'group.read'";
    assert_eq!(count(&site, read).await, 0);
    assert_eq!(
        reads(&mut sam, message).await.unwrap().state,
        MessageState::Shown
    );
    for (at, desk) in [&mut all.dee, &mut all.ben].into_iter().enumerate() {
        let said = desk.read(&pages[0]).await;
        assert!(said.contains("A private word") && said.contains("Samphire"));
        assert!(desk.read(&pages[1]).await.contains("It hurts"));
        assert!(desk.read(&pages[2]).await.contains("Samphire"));
        assert!(desk.read("/staff/groups").await.contains("to look at"));
        // Each opening, and nothing that is no opening.
        assert_eq!(desk.send(Method::HEAD, &pages[0], None).await.status, 200);
        let expected = i64::try_from(at).unwrap() * 2 + 2;
        assert_eq!(count(&site, read).await, expected);
    }
    // What is not of this group is not there.
    let other = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let strange = format!("{}/messages/{message}", path(other));
    assert_eq!(all.dee.open(&strange).await.status, 404);
    assert_eq!(posts(&mut all.dee, strange, "step=hide&why=x").await, 404);
    let strange = format!("{}/people/{person}", path(other));
    assert_eq!(all.dee.open(&strange).await.status, 404);
    // An admin who wants to read names themselves the backup, and that is written down.
    assert_eq!(names(&mut all.ada, id, "backup", "", all.ada_id).await, 303);
    assert!(all.ada.read(&pages[0]).await.contains("A private word"));
    let no_more = all.ben.open(&pages[0]).await;
    assert_eq!(no_more.status, 403, "the backup no more");
    let named = "select count(*) from audit where action = 'group.backup'";
    assert_eq!(count(&site, named).await, 3);
    let log = all.ada.read("/staff/audit").await;
    assert!(log.contains("Named the backup of a group") && log.contains("Letters"));
    is_sound(&site).await;
}

#[tokio::test]
async fn who_looks_after_an_open_group_is_named_by_those_who_do_and_by_admins() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let nobody = StaffId(Uuid::now_v7());
    assert_eq!(
        names(&mut all.tom, id, "leads", "give", all.tom_id).await,
        403
    );
    assert_eq!(
        names(&mut all.tom, id, "leads", "end", all.dee_id).await,
        403
    );
    assert_eq!(names(&mut all.tom, id, "backup", "", all.tom_id).await, 403);
    assert_eq!(names(&mut all.dee, id, "leads", "give", nobody).await, 404);
    assert_eq!(names(&mut all.dee, id, "backup", "", nobody).await, 404);
    assert_eq!(
        names(&mut all.dee, id, "leads", "maybe", all.tom_id).await,
        400
    );
    assert_eq!(
        names(&mut all.ben, id, "leads", "give", all.tom_id).await,
        303
    );
    assert_eq!(
        names(&mut all.tom, id, "leads", "end", all.tom_id).await,
        303
    );
    assert_eq!(
        names(&mut all.ada, id, "leads", "end", all.dee_id).await,
        303
    );
    let list = all.ada.read("/staff/groups").await;
    assert!(list.contains("Nobody leads this group now"), "{list}");
    assert!(
        all.tom
            .read(&path(id))
            .await
            .contains("Please name someone")
    );
    // A member who belongs may lead it: their phone says so, and with them it has a lead again.
    let mut sam = site.named("Sam").await;
    joins(&mut sam, id, 1).await;
    let person = belongs(&mut sam, id).await.unwrap().person.unwrap();
    let page = format!("{}/people/{person}", path(id));
    assert_eq!(posts(&mut all.ben, page.clone(), "step=give").await, 303);
    assert!(belongs(&mut sam, id).await.unwrap().leads);
    assert!(!all.ada.read("/staff/groups").await.contains("Nobody leads"));
    assert!(all.tom.read(&path(id)).await.contains("Sam, a member"));
    // With the last one gone it says so again.
    let leave = Command::from(InGroup::new(GroupAct::Leave, id));
    assert_eq!(sam.does(&leave).await, "applied");
    assert!(all.ada.read("/staff/groups").await.contains("Nobody leads"));
    assert_eq!(
        posts(&mut all.ben, page, "step=give").await,
        404,
        "who left leads nothing"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn an_account_that_is_disabled_looks_after_nothing_and_everyone_is_told() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    for id in [all.dee_id, all.ben_id] {
        let disable = format!("/staff/accounts/{id}/disable");
        assert_eq!(posts(&mut all.ada, disable, "").await, 303);
    }
    let told = all.tom.read(&path(id)).await;
    assert!(told.contains("Nobody leads this group now") && told.contains("account is disabled"));
    assert!(told.contains("No backup is named who can be there"));
    let list = all.tom.read("/staff/groups").await;
    assert!(list.contains("Nobody leads this group now") && list.contains("No backup"));
    assert_eq!(
        shown(&site, id).await.unwrap().backup,
        None,
        "nobody is promised"
    );
    let enable = format!("/staff/accounts/{}/enable", all.ben_id);
    assert_eq!(posts(&mut all.ada, enable, "").await, 303);
    assert_eq!(
        shown(&site, id).await.unwrap().backup.as_deref(),
        Some("ben")
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn staff_write_to_a_group_under_their_first_name_once_and_may_take_it_back() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, id, 1).await;
    let messages = format!("{}/messages", path(id));
    let message = Uuid::now_v7();
    let form = format!("id={message}&words=Tea+at+two");
    for _ in 0..2 {
        assert_eq!(posts(&mut all.dee, messages.clone(), &form).await, 303);
    }
    assert_eq!(count(&site, "select count(*) from group_messages").await, 1);
    let said = reads(&mut sam, message).await.unwrap();
    assert_eq!(said.staff.as_deref(), Some("dee"));
    assert_eq!(said.words.as_deref(), Some("Tea at two"));
    let empty = all
        .dee
        .post(&messages, &format!("id={}&words=+", Uuid::now_v7()))
        .await;
    assert_eq!(empty.status, 422);
    let long = format!("id={}&words={}", Uuid::now_v7(), "x".repeat(4_001));
    let long = all.dee.post(&messages, &long).await;
    assert_eq!(long.status, 422);
    assert!(page(&long).contains("xxxx"), "what was typed is given back");
    let one = format!("{messages}/{message}");
    assert_eq!(
        posts(&mut all.ben, one.clone(), "step=take_back").await,
        403
    );
    assert_eq!(
        posts(&mut all.dee, one.clone(), "step=take_back").await,
        303
    );
    let said = reads(&mut sam, message).await.unwrap();
    assert_eq!((said.state, said.words), (MessageState::TakenBack, None));
    assert!(all.dee.read(&one).await.contains("Taken back"));
    is_sound(&site).await;
}

#[tokio::test]
async fn what_was_reported_is_counted_until_someone_looked_and_hiding_needs_a_reason() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let (mut sam, mut ash) = (site.named("Samphire").await, site.named("Ash").await);
    for phone in [&mut sam, &mut ash] {
        joins(phone, id, 1).await;
    }
    let (message, _) = writes(&mut sam, id, "An unkind word").await;
    let (second, _) = writes(&mut sam, id, "Another word").await;
    for message in [message, second] {
        assert_eq!(
            reports(&mut ash, id, message, "It names me").await,
            "applied"
        );
    }
    let group = all.dee.read(&path(id)).await;
    assert!(group.contains("asked you to look at 2 messages"));
    let messages = format!("{}/messages", path(id));
    let one = format!("{messages}/{message}");
    let told = all.dee.read(&one).await;
    assert!(
        told.contains("It names me") && !told.contains("Ash"),
        "who asked is not said"
    );
    let unsaid = all.dee.post(&one, "step=hide&why=+").await;
    assert_eq!(unsaid.status, 422);
    assert_eq!(posts(&mut all.dee, one.clone(), "step=nothing").await, 400);
    assert_eq!(
        posts(&mut all.dee, one.clone(), "step=hide&why=Be+kind").await,
        303
    );
    let said = reads(&mut ash, message).await.unwrap();
    assert_eq!((said.state, said.words), (MessageState::Hidden, None));
    assert_eq!(said.why.as_deref(), Some("Be kind"));
    // Who looks after it still reads the words, and who hid them.
    let there = all.ben.read(&messages).await;
    assert!(there.contains("An unkind word") && there.contains("dee took it out of sight"));
    assert!(all.dee.read(&path(id)).await.contains("look at 1 message"));
    let other = format!("{messages}/{second}");
    assert_eq!(posts(&mut all.ben, other, "step=looked").await, 303);
    assert!(!all.dee.read(&path(id)).await.contains("asked you to look"));
    assert_eq!(posts(&mut all.ben, one.clone(), "step=show").await, 303);
    let said = reads(&mut ash, message).await.unwrap();
    assert_eq!(said.words.as_deref(), Some("An unkind word"));
    assert_eq!(
        posts(&mut all.ben, one, "step=show").await,
        422,
        "it is shown"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn somebodys_writing_is_paused_with_a_reason_that_they_alone_read() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let (mut sam, mut ash) = (site.named("Sam").await, site.named("Ash").await);
    for phone in [&mut sam, &mut ash] {
        joins(phone, id, 1).await;
    }
    let person: PersonId = belongs(&mut sam, id).await.unwrap().person.unwrap();
    let page_of = format!("{}/people/{person}", path(id));
    assert_eq!(
        posts(&mut all.dee, page_of.clone(), "step=pause&why=").await,
        422
    );
    let paused = posts(
        &mut all.dee,
        page_of.clone(),
        "step=pause&why=Let+us+talk+first",
    )
    .await;
    assert_eq!(paused, 303);
    assert_eq!(
        belongs(&mut sam, id).await.unwrap().paused.as_deref(),
        Some("Let us talk first")
    );
    assert_eq!(writes(&mut sam, id, "Why?").await.1, "writing_paused");
    ash.cursor = None;
    let wire = serde_json::to_string(&ash.sync(&[]).await).unwrap();
    assert!(!wire.contains("Let us talk first"), "nobody else is told");
    assert!(all.ben.read(&page_of).await.contains("Let us talk first"));
    assert_eq!(posts(&mut all.ben, page_of, "step=write").await, 303);
    assert_eq!(belongs(&mut sam, id).await.unwrap().paused, None);
    assert_eq!(writes(&mut sam, id, "Thank you").await.1, "applied");
    is_sound(&site).await;
}

#[tokio::test]
async fn an_opportunity_belongs_to_a_group_and_is_shown_only_once_that_is() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let tom = &mut all.tom;
    let draft = starts(tom, "Letters").await;
    let id = programme::starts(tom, "Kinder letters").await;
    let edit = format!("/staff/opportunities/{id}/edit");
    let open = tom.read(&edit).await;
    assert!(open.contains("Letters (not open yet)") && open.contains("None: it stands alone"));
    let form = |page: &str, group: &str, step: &str| {
        let field = |name| escape(&hidden(page, name));
        let (version, editor, seen) = (field("version"), field("editor"), field("seen"));
        format!("version={version}&editor={editor}&seen={seen}&step={step}&{WHOLE}&group={group}")
    };
    let held = tom
        .post(&edit, &form(&open, &draft.to_string(), "publish"))
        .await;
    assert_eq!(held.status, 422);
    assert!(page(&held).contains("Open the group first"));
    let strange = Uuid::now_v7().to_string();
    let open = tom.read(&edit).await;
    let unknown = tom.post(&edit, &form(&open, &strange, "keep")).await;
    assert_eq!(unknown.status, 303, "its words are kept, with no group");
    // In an open one it is shown, and the group's page has it.
    let group = opened(tom, all.dee_id, all.ben_id).await;
    let open = tom.read(&edit).await;
    let done = tom
        .post(&edit, &form(&open, &group.to_string(), "publish"))
        .await;
    assert_eq!(done.status, 303, "{}", page(&done));
    let found: Opportunity = programme::shown(&site, id).await.unwrap();
    assert_eq!(found.more().unwrap().group, Some(group));
    assert!(tom.read(&path(group)).await.contains("Kinder letters"));
    assert!(
        tom.read("/staff/opportunities")
            .await
            .contains("In the group “Letters”")
    );
    assert!(
        tom.read(&format!("/staff/opportunities/{id}"))
            .await
            .contains(&path(group))
    );
    // An ended group stays chosen where it was, and is no choice elsewhere.
    let end = format!("{}/end", path(group));
    let version = hidden(&tom.read(&end).await, "version");
    assert_eq!(
        posts(tom, end, &format!("version={version}&came_of_it=")).await,
        303
    );
    assert!(tom.read(&edit).await.contains("Letters (ended)"));
    let other = programme::starts(tom, "Another").await;
    let elsewhere = tom
        .read(&format!("/staff/opportunities/{other}/edit"))
        .await;
    assert!(!elsewhere.contains("Letters (ended)"));
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_written_in_groups_goes_when_its_time_has_come() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, id, 1).await;
    let (old, _) = writes(&mut sam, id, "Long ago").await;
    let (new, _) = writes(&mut sam, id, "Just now").await;
    assert_eq!(reports(&mut sam, id, old, "Please look").await, "applied");
    let ages = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let age = "update group_messages set received_at = received_at - $2 where id = $1";
            sqlx::query(age)
                .bind(old.to_string())
                .bind(731 * 86_400_000_i64)
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    ages.await.unwrap();
    retention::expire(&site.app).await.unwrap();
    assert_eq!(reads(&mut sam, old).await, None);
    assert!(reads(&mut sam, new).await.is_some());
    assert_eq!(count(&site, "select count(*) from group_reports").await, 0);
    assert!(!all.dee.read(&path(id)).await.contains("asked you to look"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_list_goes_on_behind_the_last_and_messages_behind_the_oldest() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    for n in 0..26 {
        starts(&mut all.tom, &format!("Group {n:02}")).await;
    }
    let first = all.tom.read("/staff/groups?show=draft").await;
    assert!(first.contains("Group 24") && !first.contains("Group 25"));
    let (_, next) = first.split_once("after_title=").unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let second = all
        .tom
        .read(&format!("/staff/groups?show=draft&after_title={next}"))
        .await;
    assert!(second.contains("Group 25") && !second.contains("Group 24"));
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, id, 1).await;
    for n in 0..26 {
        writes(&mut sam, id, &format!("Word {n:02}.")).await;
    }
    let messages = format!("{}/messages", path(id));
    let newest = all.dee.read(&messages).await;
    assert!(newest.contains("Word 25.") && !newest.contains("Word 00."));
    let (_, next) = newest.split_once("?before=").unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let older = all.dee.read(&format!("{messages}?before={next}")).await;
    assert!(older.contains("Word 00.") && !older.contains("Word 25."));
}

#[tokio::test]
async fn an_open_page_that_looks_again_is_the_same_opening_and_never_the_first() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let read = "select count(*) from audit where action = 'group.read'";
    let again = || {
        axum::http::Request::builder()
            .uri(format!("{}/messages", path(id)))
            .header("cookie", all.dee.cookie.clone().unwrap())
            .header("x-looks-again", "1")
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let request = again();
    assert_eq!(site.send(request).await.status, 200);
    assert_eq!(count(&site, read).await, 1, "nobody reads without a line");
    let request = again();
    assert_eq!(site.send(request).await.status, 200);
    assert_eq!(count(&site, read).await, 1);
    all.dee.read(&format!("{}/messages", path(id))).await;
    assert_eq!(count(&site, read).await, 2);
}

#[tokio::test]
async fn leaving_chorus_takes_what_someone_wrote_off_the_desk_too() {
    let site = Site::new().await;
    let mut all = staff(&site).await;
    let id = opened(&mut all.tom, all.dee_id, all.ben_id).await;
    let mut sam = site.named("Samphire").await;
    joins(&mut sam, id, 1).await;
    writes(&mut sam, id, "A private word").await;
    let leave = Command::Leave(sam.id());
    assert_eq!(sam.does(&leave).await, "applied");
    let there = all.dee.read(&format!("{}/messages", path(id))).await;
    assert!(!there.contains("Samphire") && !there.contains("A private word"));
    assert!(
        !all.dee
            .read(&format!("{}/people", path(id)))
            .await
            .contains("Samphire")
    );
    is_sound(&site).await;
}
