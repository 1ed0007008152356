//! Staff learning: notes of what changed, approved by the group before anyone is asked to read them, read and
//! understood edition by edition; and trainings made of them.

use crate::{
    changes::{self, Writes as ChangeWrites},
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    lead_accounts::{a_group, leads},
    programme::no_faults,
    site::Site,
};
use app::domain::id::{GroupId, StaffId};
use server::db::{groups, staff::Role};
use uuid::Uuid;

const WORDS: &str = "old_words=Goals&new_words=Small+steps&why=It+weighed+on+us&differently=Ask+what+would+help\
    &from_day=2027-03-01&question=When+did+a+form+weigh+on+you";

/// Somebody who leads a group from the desk, somebody of a team, and an admin.
struct Scene<'a> {
    priya: Desk<'a>,
    priya_id: StaffId,
    sam: Desk<'a>,
    ada: Desk<'a>,
    group: GroupId,
}

/// A group that everyone's phone knows.
async fn shown_group(site: &Site, title: &str) -> GroupId {
    let id = a_group(site, title).await;
    let publish = site
        .app
        .writer
        .run(move |tx| Box::pin(groups::publish(tx, id)));
    publish.await.expect("a group that is shown");
    id
}

async fn scene(site: &Site) -> Scene<'_> {
    let harbour = site.team("Harbour", "STAR-1").await;
    let priya_id = hire(site, "priya", Role::Staff, &[harbour]).await;
    hire(site, "ada", Role::Admin, &[]).await;
    let group = shown_group(site, "Letters").await;
    leads(site, priya_id, group, true).await;
    Scene {
        priya: signed_in(site, "priya").await,
        priya_id,
        sam: at_the_desk(site, "sam", &[harbour]).await,
        ada: signed_in(site, "ada").await,
        group,
    }
}

fn path(id: Uuid) -> String {
    format!("/staff/learning/notes/{id}")
}

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The id in the address to which a form leads, at this place of it.
async fn leads_to(desk: &mut Desk<'_>, to: &str, form: &str, place: usize) -> Uuid {
    let answer = desk.post(to, form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let found = answer.header("location").split(['/', '?']).nth(place);
    found.unwrap().parse().unwrap()
}

async fn posts(desk: &mut Desk<'_>, path: String, form: &str) -> u16 {
    desk.post(&path, form).await.status.as_u16()
}

/// Writes a note with these words.
async fn writes(desk: &mut Desk<'_>, id: Uuid, words: &str) {
    let open = desk.read(&format!("{}/edit", path(id))).await;
    let (version, editor) = (hidden(&open, "version"), hidden(&open, "editor"));
    let seen = escape(&hidden(&open, "seen"));
    let form = format!("version={version}&editor={editor}&seen={seen}&{words}");
    assert_eq!(posts(desk, format!("{}/edit", path(id)), &form).await, 303);
}

async fn version(site: &Site, table: &'static str, id: Uuid) -> i64 {
    let text = format!("select version from {table} where id = $1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(text))
        .bind(id.to_string())
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap()
}

async fn steps(desk: &mut Desk<'_>, id: Uuid, step: &str) -> u16 {
    let version = version(desk.site, "change_notes", id).await;
    let form = format!("step={step}&version={version}");
    posts(desk, format!("{}/step", path(id)), &form).await
}

impl Scene<'_> {
    /// A note of the group that staff read.
    async fn published(&mut self, more: &str) -> Uuid {
        let group = self.group;
        let form = format!("group={group}");
        let id = leads_to(&mut self.sam, "/staff/learning/notes", &form, 4).await;
        writes(&mut self.sam, id, &format!("{WORDS}&group={group}&{more}")).await;
        assert_eq!(steps(&mut self.priya, id, "approve").await, 303);
        assert_eq!(steps(&mut self.sam, id, "publish").await, 303);
        id
    }

    /// The next edition of it.
    async fn again(&mut self, of: Uuid, more: &str) -> Uuid {
        let again = format!("{}/again", path(of));
        let id = leads_to(&mut self.sam, &again, "", 4).await;
        let group = self.group;
        writes(&mut self.sam, id, &format!("{WORDS}&group={group}&{more}")).await;
        assert_eq!(steps(&mut self.priya, id, "approve").await, 303);
        assert_eq!(steps(&mut self.priya, id, "publish").await, 303);
        id
    }
}

async fn is_asked(desk: &mut Desk<'_>) -> bool {
    let page = desk.read("/staff/learning").await;
    assert_eq!(
        page.contains("Start reading"),
        page.contains("to read</span>")
    );
    page.contains("Start reading")
}

/// Says that they have read and understood this edition.
async fn understands(desk: &mut Desk<'_>, line: Uuid, edition: u32, question: &str) -> u16 {
    let id = Uuid::now_v7();
    let form = format!(
        "edition={edition}&question_id={id}&question={}",
        escape(question)
    );
    posts(desk, format!("/staff/learning/{line}"), &form).await
}

#[tokio::test]
async fn a_wording_change_that_goes_out_makes_a_note_and_any_other_makes_none() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let words = format!("{}&group={}", changes::WHOLE, it.group);
    for (words, notes) in [
        (words.replace("area=wording", "area=other"), 0),
        (words.clone(), 1),
    ] {
        let id = changes::starts(&mut it.sam, "").await;
        let open = ChangeWrites::open(&mut it.sam, id).await;
        assert_eq!(open.send(&mut it.sam, id, &words).await.0, 303);
        assert_eq!(changes::steps(&mut it.priya, id, "agree").await, 303);
        assert_eq!(changes::steps(&mut it.priya, id, "publish").await, 303);
        let found: i64 = sqlx::query_scalar("select count(*) from change_notes")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
        assert_eq!(found, notes);
    }
    let list = it.sam.read("/staff/learning/notes").await;
    assert!(list.contains("We made it lighter"));
    no_faults(&site).await;
}

#[tokio::test]
async fn nobody_is_asked_to_read_what_the_group_did_not_approve() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let group = it.group;
    let form = format!("group={group}");
    let id = leads_to(&mut it.sam, "/staff/learning/notes", &form, 4).await;
    // Not before it is whole.
    assert_eq!(steps(&mut it.priya, id, "approve").await, 422);
    let words = format!("{WORDS}&group={group}&significant=yes");
    writes(&mut it.sam, id, &words).await;
    // Neither who wrote it, nor an admin, speaks for the group.
    for desk in [&mut it.sam, &mut it.ada] {
        assert_eq!(steps(desk, id, "approve").await, 422);
        assert_eq!(steps(desk, id, "publish").await, 422);
    }
    assert!(
        it.sam
            .read(&path(id))
            .await
            .contains("Someone who leads the group has to approve it")
    );
    assert_eq!(steps(&mut it.priya, id, "approve").await, 303);
    // A word that changes afterwards is approved again.
    writes(&mut it.sam, id, &words.replace("Small", "Little")).await;
    assert_eq!(steps(&mut it.sam, id, "publish").await, 422);
    assert!(!is_asked(&mut it.ada).await);
    assert_eq!(
        it.ada.open(&format!("/staff/learning/{id}")).await.status,
        404
    );
    assert_eq!(steps(&mut it.priya, id, "approve").await, 303);
    assert_eq!(steps(&mut it.sam, id, "publish").await, 303);
    assert!(is_asked(&mut it.ada).await);
    let lesson = it.ada.read(&format!("/staff/learning/{id}")).await;
    for said in [
        "Goals",
        "Little steps",
        "It weighed on us",
        "1 March 2027",
        "Letters",
        "When did a form",
    ] {
        assert!(lesson.contains(said), "{said}");
    }
}

#[tokio::test]
async fn what_somebody_read_stays_read_until_an_edition_that_matters() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let first = it.published("significant=yes").await;
    assert!(is_asked(&mut it.sam).await && is_asked(&mut it.ada).await);
    assert_eq!(understands(&mut it.sam, first, 1, "").await, 303);
    assert!(!is_asked(&mut it.sam).await);
    let small = it.again(first, "").await;
    assert!(!is_asked(&mut it.sam).await, "it was a small edit");
    assert!(
        is_asked(&mut it.ada).await,
        "who has not read it is asked still"
    );
    // Who read an older edition meanwhile is shown the newer one, with their words.
    let form = "edition=1&question=Why%3F";
    let answer = it.ada.post(&format!("/staff/learning/{first}"), form).await;
    assert_eq!(answer.status, 409);
    assert!(page(&answer).contains("Why?"));
    assert_eq!(understands(&mut it.ada, first, 2, "").await, 303);
    it.again(small, "significant=yes").await;
    assert!(is_asked(&mut it.sam).await && is_asked(&mut it.ada).await);
    assert_eq!(understands(&mut it.sam, first, 3, "").await, 303);
    assert!(!is_asked(&mut it.sam).await);
    // An older edition is not begun again.
    assert_eq!(
        posts(&mut it.sam, format!("{}/again", path(first)), "").await,
        422
    );
    no_faults(&site).await;
}

#[tokio::test]
async fn who_has_read_it_is_told_to_admins_and_those_who_lead_the_group_alone() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let id = it.published("significant=yes").await;
    assert_eq!(understands(&mut it.sam, id, 1, "").await, 303);
    let readers = format!("{}/readers", path(id));
    for desk in [&mut it.priya, &mut it.ada] {
        let page = desk.read(&readers).await;
        let (read, not) = page.split_once("Not yet (").unwrap();
        assert!(read.contains("Harbour") && read.contains("<bdi>sam</bdi>"));
        assert!(not.contains("<bdi>priya</bdi>") && not.contains("<bdi>ada</bdi>"));
        assert!(!not.contains("<bdi>sam</bdi>"));
        assert!(desk.read(&path(id)).await.contains("1 of 4 people have."));
    }
    assert_eq!(it.sam.open(&readers).await.status, 403);
    assert!(!it.sam.read(&path(id)).await.contains("people have."));
    // Whoever leads no more is told no more.
    leads(&site, it.priya_id, it.group, false).await;
    assert_eq!(it.priya.open(&readers).await.status, 403);
}

#[tokio::test]
async fn a_question_reaches_the_group_once_and_its_answer_whoever_asked() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let id = it.published("significant=yes").await;
    let lesson = format!("/staff/learning/{id}");
    let form = format!(
        "edition=1&question_id={}&question=May+we+say+both%3F",
        Uuid::now_v7()
    );
    for _ in 0..2 {
        assert_eq!(posts(&mut it.sam, lesson.clone(), &form).await, 303);
    }
    let note = it.priya.read(&path(id)).await;
    assert_eq!(note.matches("May we say both?").count(), 1);
    let question = hidden(&note, "question");
    let answer = format!("question={question}&answer=Yes%2C+for+a+while");
    let to = format!("{}/answer", path(id));
    assert_eq!(
        posts(&mut it.ada, to.clone(), &answer).await,
        422,
        "only the group answers"
    );
    assert_eq!(
        posts(
            &mut it.priya,
            to.clone(),
            &format!("question={question}&answer=+")
        )
        .await,
        422
    );
    assert_eq!(posts(&mut it.priya, to.clone(), &answer).await, 303);
    assert_eq!(
        posts(&mut it.priya, to, &answer).await,
        422,
        "it is answered"
    );
    assert!(it.sam.read(&lesson).await.contains("Yes, for a while"));
    assert!(!it.ada.read(&lesson).await.contains("May we say both?"));
}

#[tokio::test]
async fn a_lead_of_another_group_reads_lessons_and_writes_none_of_this_one() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let id = it.published("significant=yes").await;
    let vi = hire(&site, "vi", Role::Lead, &[]).await;
    let other = shown_group(&site, "Panels").await;
    leads(&site, vi, other, true).await;
    let mut vi = signed_in(&site, "vi").await;
    assert!(is_asked(&mut vi).await);
    assert_eq!(understands(&mut vi, id, 1, "").await, 303);
    for page in ["", "/edit", "/readers", "/forget"] {
        assert_eq!(
            vi.open(&format!("{}{page}", path(id))).await.status,
            404,
            "{page}"
        );
    }
    assert_eq!(posts(&mut vi, format!("{}/again", path(id)), "").await, 404);
    for group in [String::new(), it.group.to_string()] {
        let form = format!("group={group}");
        assert_eq!(
            posts(&mut vi, "/staff/learning/notes".to_owned(), &form).await,
            422
        );
        let form = format!("title=Words&group={group}");
        assert_eq!(
            posts(&mut vi, "/staff/learning/trainings".to_owned(), &form).await,
            422
        );
    }
    let own = format!("group={other}");
    let own = leads_to(&mut vi, "/staff/learning/notes", &own, 4).await;
    writes(&mut vi, own, &format!("{WORDS}&group={other}")).await;
    assert_eq!(steps(&mut vi, own, "approve").await, 303);
}

#[tokio::test]
async fn a_training_is_the_groups_in_its_order_on_a_screen_and_on_paper() {
    let site = Site::new().await;
    let mut it = scene(&site).await;
    let hostile = escape("</p><script>alert(1)</script>\u{202e}x");
    let first = it.published("significant=yes").await;
    let second = it.published("significant=yes").await;
    let form = format!("title=Kinder+words&group={}", it.group);
    let id = leads_to(&mut it.sam, "/staff/learning/trainings", &form, 4).await;
    let to = format!("/staff/learning/trainings/{id}");
    assert_eq!(
        posts(&mut it.priya, format!("{to}/step"), "version=0").await,
        422,
        "it is empty"
    );
    let version_now = version(&site, "trainings", id).await;
    let form = format!(
        "version={version_now}&title=Kinder+words&introduction={hostile}&place-{first}=2&place-{second}=1&place-{}=3",
        Uuid::now_v7()
    );
    assert_eq!(posts(&mut it.sam, to.clone(), &form).await, 303);
    // What was written on another version comes back.
    let answer = it.sam.post(&to, &form.replace("Kinder", "Gentler")).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains("Gentler words"));
    let step = format!("version={}", version(&site, "trainings", id).await);
    assert_eq!(
        posts(&mut it.sam, format!("{to}/step"), &step).await,
        422,
        "only the group"
    );
    assert!(
        !it.ada
            .read("/staff/learning")
            .await
            .contains("Kinder words")
    );
    assert_eq!(posts(&mut it.priya, format!("{to}/step"), &step).await, 303);
    assert!(
        it.ada
            .read("/staff/learning")
            .await
            .contains("Kinder words")
    );
    for sheet in ["/present", "/handout"] {
        let page = it.ada.read(&format!("{to}{sheet}")).await;
        assert!(page.contains("Letters") && page.contains("Change 2 of 2"));
        assert!(!page.contains("<script>alert"));
    }
    let shown = it.ada.read(&to).await;
    let place = |line: Uuid| shown.find(&format!("/staff/learning/{line}")).unwrap();
    assert!(place(second) < place(first));
    // Who changes it needs the group's yes again.
    let form = format!(
        "version={}&title=Other&introduction=&place-{first}=1",
        version(&site, "trainings", id).await
    );
    assert_eq!(posts(&mut it.sam, to.clone(), &form).await, 303);
    assert!(!it.ada.read("/staff/learning").await.contains("Other"));
    let vi = hire(&site, "vi", Role::Lead, &[]).await;
    let other = shown_group(&site, "Panels").await;
    leads(&site, vi, other, true).await;
    let mut vi = signed_in(&site, "vi").await;
    assert_eq!(vi.open(&to).await.status, 404);
    no_faults(&site).await;
}
