//! What changed: written at the desk, agreed by a second person, published, put right, taken down; what everyone's
//! phone, the public page and the feed learn of each.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    lead_accounts::{a_group, leads},
    programme::{self, no_faults},
    site::{Phone, Site, record},
};
use app::domain::{
    change::{Change, ChangeKind, ChangePlan, SourceKind},
    id::{ChangeId, GroupId, StaffId},
    opportunity::Area,
};
use axum::{body::Body, http::Request};
use server::{commands::changes, db::staff::Role};
use uuid::Uuid;

/// All that must be written before anyone can agree.
pub const WHOLE: &str = "area=wording&kind=done&you_said=The+title+is+heavy&we_did=We+made+it+lighter\
    &why=It+put+people+off&who_took_part=Six+people";

/// Markup, marks that turn the direction of text, a very long word, and pictures.
const HOSTILE: &str =
    "</textarea></title><script>alert(1)</script>&amp;\"'\u{202e}desrever \u{1F327}";

pub fn path(id: ChangeId) -> String {
    format!("/staff/changes/{id}")
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Starts one; gives its id.
pub async fn starts(desk: &mut Desk<'_>, form: &str) -> ChangeId {
    let answer = desk.post("/staff/changes", form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let id = answer.header("location").split('/').nth(3).unwrap();
    id.parse().unwrap()
}

/// The form of an open page.
pub struct Writes {
    version: String,
    editor: String,
    seen: String,
}

impl Writes {
    pub async fn open(desk: &mut Desk<'_>, id: ChangeId) -> Self {
        let page = desk.read(&format!("{}/edit", path(id))).await;
        Self::of(&page)
    }

    fn of(page: &str) -> Self {
        Self {
            version: hidden(page, "version"),
            editor: hidden(page, "editor"),
            seen: hidden(page, "seen"),
        }
    }

    fn form(&self, words: &str) -> String {
        let Self {
            version,
            editor,
            seen,
        } = self;
        let seen = escape(seen);
        format!("version={version}&editor={editor}&seen={seen}&step=keep&{words}")
    }

    pub async fn send(&self, desk: &mut Desk<'_>, id: ChangeId, words: &str) -> (u16, String) {
        let edit = format!("{}/edit", path(id));
        let answer = desk.post(&edit, &self.form(words)).await;
        (answer.status.as_u16(), page(&answer))
    }
}

pub async fn writes(desk: &mut Desk<'_>, id: ChangeId, words: &str) {
    let (status, page) = Writes::open(desk, id).await.send(desk, id, words).await;
    assert_eq!(status, 303, "{page}");
}

/// Takes a step on the version that the page shows.
pub async fn steps(desk: &mut Desk<'_>, id: ChangeId, step: &str) -> u16 {
    let version = version(desk, id).await;
    steps_on(desk, id, step, version).await
}

async fn steps_on(desk: &mut Desk<'_>, id: ChangeId, step: &str, version: i64) -> u16 {
    let form = format!("step={step}&version={version}");
    let answer = desk.post(&format!("{}/step", path(id)), &form).await;
    answer.status.as_u16()
}

async fn version(desk: &Desk<'_>, id: ChangeId) -> i64 {
    sqlx::query_scalar("select version from changes where id = $1")
        .bind(id.to_string())
        .fetch_one(&desk.site.app.db.pool)
        .await
        .unwrap()
}

async fn state(site: &Site, id: ChangeId) -> Option<String> {
    sqlx::query_scalar("select state from changes where id = $1")
        .bind(id.to_string())
        .fetch_optional(&site.app.db.pool)
        .await
        .unwrap()
}

async fn posts(desk: &mut Desk<'_>, path: String, form: &str) -> u16 {
    desk.post(&path, form).await.status.as_u16()
}

pub async fn takes_down(desk: &mut Desk<'_>, id: ChangeId, why: &str) -> u16 {
    let form = format!("why={}", escape(why));
    posts(desk, format!("{}/take-down", path(id)), &form).await
}

/// One that the first wrote, the second agreed with, and that is out.
pub async fn published(first: &mut Desk<'_>, second: &mut Desk<'_>, words: &str) -> ChangeId {
    let id = starts(first, "").await;
    writes(first, id, words).await;
    assert_eq!(steps(second, id, "agree").await, 303);
    assert_eq!(steps(first, id, "publish").await, 303);
    id
}

/// Begins to put one right; gives the new one.
pub async fn corrects(desk: &mut Desk<'_>, id: ChangeId) -> ChangeId {
    let answer = desk.post(&format!("{}/correct", path(id)), "").await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let new = answer.header("location").split('/').nth(3).unwrap();
    new.parse().unwrap()
}

/// What everyone's phone has of it.
async fn shown(site: &Site, id: ChangeId) -> Option<Change> {
    record(&Phone::new(site).sync(&[]).await, id)
}

/// Somebody with no account, no cookie and no script opens a page.
async fn passer_by(site: &Site, path: &str) -> (u16, String) {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let answer = site.send(request).await;
    (answer.status.as_u16(), page(&answer))
}

async fn audited(site: &Site, id: ChangeId) -> Vec<String> {
    sqlx::query_scalar("select action from audit where subject = $1 order by at, id")
        .bind(id.to_string())
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap()
}

/// Two members of staff.
async fn two(site: &Site) -> (Desk<'_>, Desk<'_>) {
    (
        at_the_desk(site, "priya", &[]).await,
        at_the_desk(site, "sam", &[]).await,
    )
}

#[tokio::test]
async fn one_writes_another_agrees_and_then_everyone_reads_it() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let id = starts(&mut priya, "area=wording&kind=done").await;
    assert!(
        priya
            .read("/staff/changes")
            .await
            .contains("Nothing written yet")
    );
    // Nothing is agreed before it is whole.
    assert_eq!(steps(&mut sam, id, "agree").await, 422);
    writes(&mut priya, id, WHOLE).await;
    assert_eq!(shown(&site, id).await, None);
    let address = format!("/what-changed/{id}");
    assert_eq!(passer_by(&site, &address).await.0, 404);
    // Not on the word of who wrote it, and not before anyone agreed.
    let own = priya.read(&path(id)).await;
    assert!(own.contains("someone else has to agree") && !own.contains("value=\"agree\""));
    assert_eq!(steps(&mut priya, id, "agree").await, 422);
    assert_eq!(steps(&mut priya, id, "publish").await, 422);
    assert!(sam.read(&path(id)).await.contains("value=\"agree\""));
    assert_eq!(steps(&mut sam, id, "agree").await, 303);
    assert_eq!(shown(&site, id).await, None);
    assert_eq!(steps(&mut priya, id, "publish").await, 303);

    let change = shown(&site, id).await.unwrap();
    assert_eq!(change.kind, ChangeKind::Done);
    assert_eq!(change.we_did.as_deref(), Some("We made it lighter"));
    let (status, public) = passer_by(&site, &address).await;
    assert_eq!(status, 200);
    for said in [
        "The title is heavy",
        "We made it lighter",
        "It put people off",
        "Six people",
    ] {
        assert!(public.contains(said), "{said}");
    }
    // Who of staff wrote or agreed is nobody's business outside, and the title says nothing of what was said.
    assert!(!public.contains("priya") && !public.contains("sam@"));
    assert!(public.contains("<title>You said, we did · Chorus</title>"));
    let list = passer_by(&site, "/what-changed").await.1;
    assert!(list.contains("The title is heavy") && list.contains(&address));
    assert_eq!(
        audited(&site, id).await,
        [
            "change.start",
            "change.edit",
            "change.agree",
            "change.publish"
        ]
    );
    no_faults(&site).await;
}

#[tokio::test]
async fn what_is_changed_after_it_was_agreed_is_to_be_agreed_again() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let id = starts(&mut priya, "").await;
    writes(&mut priya, id, WHOLE).await;
    let before = version(&sam, id).await;
    // The words changed while Sam read them.
    writes(&mut priya, id, &WHOLE.replace("Six", "Seven")).await;
    assert_eq!(steps_on(&mut sam, id, "agree", before).await, 422);
    assert_eq!(state(&site, id).await.as_deref(), Some("draft"));
    assert_eq!(steps(&mut sam, id, "agree").await, 303);
    let agreed = version(&sam, id).await;
    // Sam changes a word: now it is Sam's, and Priya is the second person.
    writes(&mut sam, id, &WHOLE.replace("Six", "Eight")).await;
    assert_eq!(steps_on(&mut priya, id, "publish", agreed).await, 422);
    assert_eq!(steps(&mut priya, id, "publish").await, 422);
    assert_eq!(steps(&mut sam, id, "agree").await, 422);
    assert_eq!(steps(&mut priya, id, "agree").await, 303);
    assert_eq!(steps(&mut sam, id, "publish").await, 303);
    assert_eq!(
        shown(&site, id).await.unwrap().who_took_part,
        "Eight people"
    );
}

#[tokio::test]
async fn what_is_out_is_never_written_over() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let id = starts(&mut priya, "").await;
    let open = Writes::open(&mut priya, id).await;
    writes(&mut priya, id, WHOLE).await;
    assert_eq!(steps(&mut sam, id, "agree").await, 303);
    assert_eq!(steps(&mut sam, id, "publish").await, 303);
    let other = WHOLE.replace("heavy", "wrong");
    let (status, given_back) = open.send(&mut priya, id, &other).await;
    assert_eq!(status, 422);
    assert!(given_back.contains("The title is wrong"), "no word is lost");
    let saved = posts(
        &mut priya,
        format!("{}/autosave", path(id)),
        &open.form(&other),
    )
    .await;
    assert_eq!(saved, 409);
    assert_eq!(
        posts(&mut priya, format!("{}/forget", path(id)), "").await,
        422
    );
    assert_eq!(priya.open(&format!("{}/edit", path(id))).await.status, 303);
    assert_eq!(steps(&mut sam, id, "agree").await, 422);
    assert_eq!(
        shown(&site, id).await.unwrap().you_said,
        "The title is heavy"
    );
}

#[tokio::test]
async fn a_correction_takes_its_place_and_the_old_page_leads_to_it() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let old = published(&mut priya, &mut sam, WHOLE).await;
    let new = corrects(&mut priya, old).await;
    // Whoever presses again goes on with the same one.
    assert_eq!(corrects(&mut sam, old).await, new);
    assert!(priya.read(&path(old)).await.contains("being put right"));
    writes(&mut priya, new, &WHOLE.replace("Six", "Nine")).await;
    assert_eq!(shown(&site, old).await.unwrap().replaced_by, None);
    assert_eq!(steps(&mut sam, new, "agree").await, 303);
    assert_eq!(steps(&mut sam, new, "publish").await, 303);

    let was = shown(&site, old).await.unwrap();
    assert_eq!(was.replaced_by, Some(new));
    assert_eq!(was.who_took_part, "Six people", "it is not written over");
    assert_eq!(shown(&site, new).await.unwrap().replaces, Some(old));
    let (status, page) = passer_by(&site, &format!("/what-changed/{old}")).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("We have put this right") && page.contains(&format!("/what-changed/{new}"))
    );
    let page = passer_by(&site, &format!("/what-changed/{new}")).await.1;
    assert!(page.contains("Nine people") && page.contains(&format!("/what-changed/{old}")));
    let list = passer_by(&site, "/what-changed").await.1;
    let (_, list) = list.split_once("<body").unwrap();
    assert!(list.contains(&format!("href=\"/what-changed/{new}\"")));
    assert!(!list.contains(&format!("href=\"/what-changed/{old}\"")));
    let feed = passer_by(&site, "/what-changed.atom").await.1;
    assert!(feed.contains(&new.to_string()) && !feed.contains(&old.to_string()));
    // What was put right is not put right again.
    assert_eq!(
        posts(&mut sam, format!("{}/correct", path(old)), "").await,
        422
    );
    no_faults(&site).await;
}

#[tokio::test]
async fn a_taken_down_one_is_gone_with_what_led_to_it_and_never_without_a_reason() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let old = published(&mut priya, &mut sam, WHOLE).await;
    let new = corrects(&mut priya, old).await;
    writes(&mut priya, new, &WHOLE.replace("Six", "Nine")).await;
    assert_eq!(steps(&mut sam, new, "agree").await, 303);
    assert_eq!(steps(&mut sam, new, "publish").await, 303);
    assert_eq!(takes_down(&mut sam, new, " \n").await, 422);
    assert!(shown(&site, new).await.is_some());
    assert_eq!(takes_down(&mut sam, new, "It named someone").await, 303);
    for id in [old, new] {
        assert_eq!(shown(&site, id).await, None);
        let (status, page) = passer_by(&site, &format!("/what-changed/{id}")).await;
        assert_eq!(status, 404);
        assert!(!page.contains("named someone") && !page.contains("heavy"));
        assert_eq!(state(&site, id).await.as_deref(), Some("taken_down"));
    }
    assert!(
        !passer_by(&site, "/what-changed.atom")
            .await
            .1
            .contains("<entry>")
    );
    let desk = priya.read(&path(new)).await;
    assert!(desk.contains("It named someone") && desk.contains("sam took it down"));
    assert_eq!(takes_down(&mut sam, new, "Again").await, 422);
    no_faults(&site).await;
}

#[tokio::test]
async fn an_older_one_is_taken_down_alone_and_the_newer_one_stands() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let old = published(&mut priya, &mut sam, WHOLE).await;
    let new = corrects(&mut priya, old).await;
    writes(&mut priya, new, &WHOLE.replace("Six", "Nine")).await;
    assert_eq!(steps(&mut sam, new, "agree").await, 303);
    assert_eq!(steps(&mut sam, new, "publish").await, 303);
    assert_eq!(takes_down(&mut sam, old, "It named someone").await, 303);
    let (status, page) = passer_by(&site, &format!("/what-changed/{new}")).await;
    assert_eq!(status, 200);
    let (_, body) = page.split_once("<body").unwrap();
    assert!(
        !body.contains(&format!("href=\"/what-changed/{old}\"")),
        "no way to nothing"
    );
    no_faults(&site).await;
}

#[tokio::test]
async fn a_correction_of_what_was_taken_down_meanwhile_stands_for_itself() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let old = published(&mut priya, &mut sam, WHOLE).await;
    let new = corrects(&mut priya, old).await;
    writes(&mut priya, new, &WHOLE.replace("Six", "Nine")).await;
    assert_eq!(takes_down(&mut priya, old, "It named someone").await, 303);
    assert_eq!(steps(&mut sam, new, "agree").await, 303);
    assert_eq!(steps(&mut sam, new, "publish").await, 303);
    assert_eq!(shown(&site, new).await.unwrap().replaces, None);
    assert_eq!(shown(&site, old).await, None);
    no_faults(&site).await;
}

#[tokio::test]
async fn what_could_not_be_done_needs_its_reason_alone_and_says_when_it_is_looked_at_again() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let words = "area=other&kind=not_yet&you_said=Open+at+night&we_did=&why=the+lease+ends+at+6\
        &who_took_part=Two+people&look_again=2027-03-01";
    let id = starts(&mut priya, "").await;
    let (status, page) = Writes::open(&mut priya, id)
        .await
        .send(&mut priya, id, &words.replace("2027-03-01", "in+spring"))
        .await;
    assert_eq!(status, 422);
    assert!(page.contains("Please choose a day") && page.contains("Open at night"));
    writes(&mut priya, id, words).await;
    assert_eq!(steps(&mut sam, id, "agree").await, 303);
    assert_eq!(steps(&mut sam, id, "publish").await, 303);
    let public = passer_by(&site, &format!("/what-changed/{id}")).await.1;
    for said in [
        "been able to, because",
        "the lease ends at 6",
        "look at this again on 1 March 2027",
        "<title>You said, and not yet · Chorus</title>",
    ] {
        assert!(public.contains(said), "{said}: {public}");
    }
    let desk = priya.read("/staff/changes?show=published").await;
    assert!(desk.contains("To look at again on 1 March 2027"));
    // Once its day has come it is counted beside the way to the list.
    let its_day_came = site.app.writer.run(|tx| {
        Box::pin(async move {
            let set = sqlx::query("update changes set look_again = '2020-01-01'");
            set.execute(tx).await?;
            Ok(())
        })
    });
    its_day_came.await.unwrap();
    let desk = priya.read("/staff/changes?show=published").await;
    assert!(desk.contains("Time to look again: 1 January 2020"));
    assert!(desk.contains("to look at again</span>"));
}

#[tokio::test]
async fn two_who_write_at_once_lose_no_word_and_an_open_page_goes_on_over_what_it_kept() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let id = starts(&mut priya, "").await;
    let (mine, theirs) = (
        Writes::open(&mut priya, id).await,
        Writes::open(&mut sam, id).await,
    );
    let autosave = format!("{}/autosave", path(id));
    for words in ["you_said=Tea", "you_said=Tea+is+cold"] {
        let form = mine.form(&format!("area=other&kind=done&{words}"));
        assert_eq!(posts(&mut priya, autosave.clone(), &form).await, 200);
    }
    assert_eq!(audited(&site, id).await, ["change.start", "change.edit"]);
    let (status, both) = theirs
        .send(
            &mut sam,
            id,
            "area=other&kind=done&you_said=Coffee+is+cold&why=Old+urn",
        )
        .await;
    assert_eq!(status, 409);
    assert!(both.contains("Coffee is cold") && both.contains("Tea is cold"));
    let (status, _) = Writes::of(&both)
        .send(
            &mut sam,
            id,
            "area=other&kind=done&you_said=Drinks+are+cold&why=Old+urn",
        )
        .await;
    assert_eq!(status, 303);
    assert_eq!(
        posts(&mut priya, autosave, &mine.form("area=other")).await,
        409
    );
    // Thrown away: what is typed then comes back.
    let open = Writes::open(&mut priya, id).await;
    assert_eq!(
        posts(&mut sam, format!("{}/forget", path(id)), "").await,
        303
    );
    let (status, given_back) = open.send(&mut priya, id, "you_said=All+of+it").await;
    assert_eq!(status, 404);
    assert!(given_back.contains("All of it"));
    assert_eq!(state(&site, id).await, None);
    no_faults(&site).await;
}

#[tokio::test]
async fn a_reported_opportunity_becomes_a_draft_that_knows_where_it_came_from() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let opportunity = programme::published(&mut priya, "").await;
    let about = programme::path(opportunity);
    let form = format!("opportunity={opportunity}");
    // Before it is reported back there is nothing to tell.
    assert!(!priya.read(&about).await.contains("Write what changed"));
    assert_eq!(
        posts(&mut priya, "/staff/changes".to_owned(), &form).await,
        404
    );
    assert_eq!(
        posts(&mut priya, format!("{about}/step"), "step=close").await,
        303
    );
    let report = "step=previewed&message=Two+letters+changed";
    assert_eq!(
        posts(&mut priya, format!("{about}/report"), report).await,
        303
    );
    assert!(
        priya
            .read(&about)
            .await
            .contains("Write what changed because of it")
    );
    let id = starts(&mut priya, &form).await;
    let edit = priya.read(&format!("{}/edit", path(id))).await;
    assert!(edit.contains("Two letters changed") && edit.contains("People asked"));
    let change = priya.read(&path(id)).await;
    assert!(change.contains(&about));
    let opportunity = priya.read(&about).await;
    assert!(
        opportunity.contains(&path(id)) && opportunity.contains("Open what was written: Drafts")
    );
    no_faults(&site).await;
}

#[tokio::test]
async fn what_began_outside_the_desk_is_agreed_by_anyone_there() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let start = changes::Start {
        plan: ChangePlan {
            you_said: "“Goals” is heavy".into(),
            we_did: "It says “small steps”".into(),
            why: "People felt pushed".into(),
            who_took_part: "The words group".into(),
            ..ChangePlan::new(Area::Wording, None)
        },
        source: Some((SourceKind::Suggestion, Uuid::now_v7())),
    };
    let begun = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { changes::start(tx, None, 0, &start).await }));
    let id = begun.await.unwrap();
    let page = priya.read(&path(id)).await;
    assert!(page.contains("It came from a decision about words"));
    assert!(page.contains("It began outside the desk"));
    assert_eq!(steps(&mut priya, id, "agree").await, 303);
    assert_eq!(steps(&mut priya, id, "publish").await, 303);
    assert!(shown(&site, id).await.is_some());
}

/// A lead's account and their group, beside another group.
async fn a_lead(site: &Site) -> (Desk<'_>, StaffId, GroupId, GroupId) {
    let lee = hire(site, "lee", Role::Lead, &[]).await;
    let (own, other) = (
        a_group(site, "Letters").await,
        a_group(site, "Panels").await,
    );
    leads(site, lee, own, true).await;
    (signed_in(site, "lee").await, lee, own, other)
}

#[tokio::test]
async fn a_lead_writes_for_their_own_groups_and_no_other() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    let (mut lee, lee_id, own, other) = a_lead(&site).await;
    for form in [
        "area=wording".to_owned(),
        format!("group={other}"),
        format!("group={}", Uuid::nil()),
    ] {
        assert_eq!(
            posts(&mut lee, "/staff/changes".to_owned(), &form).await,
            422
        );
    }
    let id = starts(&mut lee, &format!("group={own}")).await;
    let in_own = format!("{WHOLE}&group={own}");
    writes(&mut lee, id, &in_own).await;
    // It does not leave their groups by their hand.
    for group in [String::new(), other.to_string()] {
        let open = Writes::open(&mut lee, id).await;
        let (status, page) = open
            .send(&mut lee, id, &format!("{WHOLE}&group={group}"))
            .await;
        assert_eq!(status, 422, "{page}");
    }
    assert_eq!(steps(&mut lee, id, "agree").await, 422, "their own words");
    let of_other = starts(&mut priya, &format!("group={other}")).await;
    writes(&mut priya, of_other, &format!("{WHOLE}&group={other}")).await;
    for page in ["", "/edit", "/preview", "/forget"] {
        let address = format!("{}{page}", path(of_other));
        assert_eq!(lee.open(&address).await.status, 404, "{address}");
    }
    assert_eq!(steps(&mut lee, of_other, "agree").await, 404);
    assert_eq!(takes_down(&mut lee, of_other, "No").await, 404);
    assert_eq!(
        posts(&mut lee, format!("{}/forget", path(of_other)), "").await,
        404
    );
    let list = lee.read("/staff/changes").await;
    assert!(list.contains(&path(id)) && !list.contains(&path(of_other)));

    // Staff agree with a lead's words; a lead agrees with staff's about their group.
    assert_eq!(steps(&mut priya, id, "agree").await, 303);
    assert_eq!(steps(&mut lee, id, "publish").await, 303);
    assert_eq!(shown(&site, id).await.unwrap().group, Some(own));
    let second = starts(&mut priya, &format!("group={own}")).await;
    writes(&mut priya, second, &in_own).await;
    assert_eq!(steps(&mut lee, second, "agree").await, 303);

    // Whoever leads no more is out of it from the next press on.
    leads(&site, lee_id, own, false).await;
    assert_eq!(steps(&mut lee, second, "publish").await, 404);
    assert_eq!(takes_down(&mut lee, id, "No").await, 404);
    assert!(shown(&site, id).await.is_some());
}

#[tokio::test]
async fn whatever_people_write_is_text_on_every_page_and_in_the_feed() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let long = "w".repeat(3_000);
    let words = format!(
        "area=wording&kind=done&you_said={}&we_did={long}&why={}&who_took_part={}",
        escape(HOSTILE),
        escape(HOSTILE),
        escape(HOSTILE)
    );
    let id = published(&mut priya, &mut sam, &words).await;
    assert_eq!(shown(&site, id).await.unwrap().you_said, HOSTILE);
    let public = [
        passer_by(&site, "/what-changed").await.1,
        passer_by(&site, &format!("/what-changed/{id}")).await.1,
    ];
    let mut pages = public.to_vec();
    for address in [
        path(id),
        "/staff/changes?show=published".to_owned(),
        "/staff/changes/new".to_owned(),
    ] {
        pages.push(priya.read(&address).await);
    }
    for page in &pages {
        assert!(!page.contains("<script>alert"), "{page}");
    }
    let new = corrects(&mut priya, id).await;
    let edit = priya.read(&format!("{}/edit", path(new))).await;
    assert!(!edit.contains("<script>alert"));

    let feed = passer_by(&site, "/what-changed.atom").await.1;
    let feed = roxmltree::Document::parse(&feed).expect("a well-formed feed");
    let atom = |name| ("http://www.w3.org/2005/Atom", name);
    let entries: Vec<_> = feed
        .descendants()
        .filter(|it| it.has_tag_name(atom("entry")))
        .collect();
    assert_eq!(entries.len(), 1);
    let text = |name| {
        let found = entries[0].children().find(|it| it.has_tag_name(atom(name)));
        found.unwrap().text().unwrap().to_owned()
    };
    assert_eq!(text("id"), format!("urn:uuid:{id}"));
    let content = text("content");
    assert!(content.contains(HOSTILE) && content.contains(&long));
    // What cannot be kept at all comes back with every word.
    let draft = starts(&mut priya, "").await;
    let too_long = format!("{WHOLE}&you_said={}", "x".repeat(5_000)).replacen(
        "you_said=The+title+is+heavy&",
        "",
        1,
    );
    let (status, page) = Writes::open(&mut priya, draft)
        .await
        .send(&mut priya, draft, &too_long)
        .await;
    assert_eq!(status, 422);
    assert!(page.contains(&"x".repeat(5_000)));
}

#[tokio::test]
async fn the_feed_is_an_atom_feed_newest_first_and_pages_name_it() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let empty = passer_by(&site, "/what-changed.atom").await;
    assert_eq!(empty.0, 200);
    roxmltree::Document::parse(&empty.1).expect("a well-formed feed");
    let first = published(&mut priya, &mut sam, WHOLE).await;
    let second = published(&mut priya, &mut sam, &WHOLE.replace("heavy", "long")).await;
    let request = Request::builder()
        .uri("/what-changed.atom")
        .header("host", "chorus.example");
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        answer.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let feed = page(&answer);
    let feed = roxmltree::Document::parse(&feed).unwrap();
    let root = feed.root_element();
    // What RFC 4287 asks of every feed and of every entry.
    let of = |node: roxmltree::Node, name: &str| {
        let found = node.children().find(|it| it.tag_name().name() == name);
        found
            .unwrap_or_else(|| panic!("no {name}"))
            .text()
            .unwrap_or_default()
            .to_owned()
    };
    for name in ["id", "title", "updated", "author"] {
        of(root, name);
    }
    let entries: Vec<_> = root
        .children()
        .filter(|it| it.tag_name().name() == "entry")
        .collect();
    let ids: Vec<String> = entries.iter().map(|entry| of(*entry, "id")).collect();
    assert_eq!(ids, [second, first].map(|id| format!("urn:uuid:{id}")));
    assert_eq!(of(entries[0], "title"), "The title is long");
    assert!(of(entries[0], "updated").ends_with('Z'));
    let link = entries[0]
        .children()
        .find(|it| it.tag_name().name() == "link")
        .unwrap();
    let address = format!("http://chorus.example/what-changed/{second}");
    assert_eq!(link.attribute("href"), Some(address.as_str()));
    let named = "<link rel=\"alternate\" type=\"application/atom+xml\"";
    assert!(passer_by(&site, "/what-changed").await.1.contains(named));
    assert!(!passer_by(&site, "/").await.1.contains(named));
}

#[tokio::test]
async fn the_list_is_paged_by_what_moved_last() {
    let site = Site::new().await;
    let mut priya = at_the_desk(&site, "priya", &[]).await;
    for n in 0..30 {
        let id = starts(&mut priya, "").await;
        writes(
            &mut priya,
            id,
            &format!("area=other&kind=done&you_said=Number+{n}."),
        )
        .await;
    }
    let first = priya.read("/staff/changes?show=draft").await;
    assert!(first.contains("Number 29.") && !first.contains("Number 4."));
    let (_, rest) = first.split_once("&amp;after_at=").unwrap();
    let (at, rest) = rest.split_once("&amp;after=").unwrap();
    let after = rest.split('"').next().unwrap();
    let next = format!("/staff/changes?show=draft&after_at={at}&after={after}");
    let second = priya.read(&next).await;
    assert!(
        second.contains("Number 4.")
            && second.contains("Number 0.")
            && !second.contains("Number 5.")
    );
}

#[tokio::test]
async fn a_page_weighs_the_changes_that_it_shows_and_no_other() {
    let site = Site::new().await;
    let (mut priya, mut sam) = two(&site).await;
    let one = published(&mut priya, &mut sam, WHOLE).await;
    let other = published(&mut priya, &mut sam, &WHOLE.replace("heavy", "long")).await;
    let page = passer_by(&site, &format!("/what-changed/{one}")).await.1;
    assert!(page.contains(&one.to_string()) && !page.contains(&other.to_string()));
    let today = passer_by(&site, "/").await.1;
    assert!(!today.contains(&one.to_string()));
}
