//! Experiences at the desk: read by those alone who may, each reading written down; taken on, answered, tagged, and told
//! what they came to; the independent person's alone, whoever else may do what; stories; and whom members can turn to.

mod alone;
mod stories;
mod themes;

use crate::{
    changes::{self, WHOLE},
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    experiences::an_experience,
    site::{Phone, Site, record},
};
use app::domain::{
    care::CareState,
    change::ChangePlan,
    command::Command,
    experience::{Experience, LinkState, MayUse, Reader, Says, Send},
    id::{ChangeId, ExperienceId, TeamId},
};
use axum::http::{Method, Request};
use server::db::staff::Role;
use uuid::Uuid;

/// Words of a member that only some may read.
const WORDS: &str = "Kingfisher in the corridor";

/// Markup, marks that turn the direction of text, and pictures.
const HOSTILE: &str = "</textarea><script>alert(1)</script>&amp;\"'\u{202e}desrever \u{1F327}";

fn path(id: ExperienceId) -> String {
    format!("/staff/experiences/{id}")
}

/// A site with a team, whose member says something to it; changed as asked for.
async fn told<'a>(
    phone: &mut Phone<'a>,
    team: TeamId,
    change: impl FnOnce(&mut Send),
) -> ExperienceId {
    let mut it = an_experience(Reader::Team(team), WORDS);
    change(&mut it);
    let said = Command::from(Says::Send(Box::new(it.clone())));
    assert_eq!(phone.does(&said).await, "applied");
    it.experience
}

/// What a phone that asks for everything is told.
async fn now(phone: &mut Phone<'_>, id: ExperienceId) -> Experience {
    phone.cursor = None;
    record(&phone.sync(&[]).await, id).unwrap()
}

/// Presses something on its page.
async fn press(desk: &mut Desk<'_>, id: ExperienceId, form: &str) -> u16 {
    desk.post(&path(id), form).await.status.as_u16()
}

async fn audited(site: &Site, id: ExperienceId) -> Vec<String> {
    sqlx::query_scalar("select action from audit where subject = $1 order by at, id")
        .bind(id.to_string())
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn its_team_alone_sees_it() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let lookout = site.team("Lookout", "LOOK-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut tom = at_the_desk(&site, "tom", &[lookout]).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;

    let list = priya.read("/staff/experiences").await;
    assert!(list.contains(&path(id)) && !list.contains(WORDS), "{list}");
    assert!(list.contains("Waits for words") && list.contains("Crisis care"));
    assert!(
        priya
            .read("/staff/plans")
            .await
            .contains("nobody has read yet")
    );
    for other in [&mut tom, &mut ada] {
        let list = other.read("/staff/experiences").await;
        assert!(!list.contains(&id.to_string()) && list.contains("Nothing here just now"));
        assert!(!list.contains("nobody has read yet"), "no count either");
        for path in [
            path(id),
            format!("{}/story", path(id)),
            format!("{}/safety", path(id)),
        ] {
            assert_eq!(other.open(&path).await.status, 404, "{path}");
        }
        assert_eq!(press(other, id, "step=take_on").await, 404);
        let reply = format!("id={}&message=Hello&step=previewed", Uuid::now_v7());
        for (what, form) in [
            ("reply", reply.as_str()),
            ("came-to", "state=made&message=Hello&step=previewed"),
            ("story", "step=write&text=Hello&version=0"),
        ] {
            let path = format!("{}/{what}", path(id));
            assert_eq!(other.post(&path, form).await.status, 404, "{path}");
        }
    }
    assert_eq!(audited(&site, id).await, [""; 0]);
    assert_eq!(now(&mut phone, id).await.seen_by, None);
}

#[tokio::test]
async fn each_reading_is_written_down_before_a_word_is_shown() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |it| {
        it.different = Some(HOSTILE.to_owned());
    })
    .await;
    // Neither asking whether it is there nor fetching ahead is reading.
    assert_eq!(priya.send(Method::HEAD, &path(id), None).await.status, 200);
    let ahead = Request::get(path(id))
        .header("cookie", priya.cookie.clone().unwrap())
        .header("sec-purpose", "prefetch");
    let ahead = site
        .send(ahead.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(ahead.status, 503);
    assert_eq!(audited(&site, id).await, [""; 0]);

    let shown = priya.read(&path(id)).await;
    assert!(
        shown.contains(WORDS)
            && shown.contains("&lt;script&gt;")
            && !shown.contains("<script>alert")
    );
    assert!(shown.contains("In public, with the name Kit of the quay."));
    assert!(shown.contains(&format!("href=\"{}/safety\"", path(id))));
    assert!(
        priya
            .read(&format!("{}/safety", path(id)))
            .await
            .contains("experience that")
    );
    priya.read(&path(id)).await;
    assert_eq!(audited(&site, id).await, ["experience.read"; 2]);
    assert_eq!(now(&mut phone, id).await.seen_by.as_deref(), Some("priya"));
    let log = ada.read("/staff/audit").await;
    assert!(log.contains("Read an experience") && !log.contains(WORDS));
    // The admin is led to nothing that they may not open.
    assert!(!log.contains(&path(id)));
}

#[tokio::test]
async fn it_is_taken_on_answered_with_words_seen_first_and_closed() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;
    assert_eq!(press(&mut priya, id, "step=take_on").await, 303);
    assert_eq!(
        press(&mut priya, id, "step=take_on").await,
        409,
        "theirs already"
    );
    let it = now(&mut phone, id).await;
    assert_eq!(
        (it.state, it.taken_on_by.as_deref()),
        (CareState::TakenOn, Some("priya"))
    );
    // Who may hear back is not left without words.
    assert_eq!(press(&mut priya, id, "step=close&read=0").await, 409);

    let reply = format!("{}/reply", path(id));
    let message = Uuid::now_v7();
    let form = |step: &str| {
        format!(
            "id={message}&message={}&step={step}",
            escape("Thank you. <i>Really</i>")
        )
    };
    let preview = page(&priya.post(&reply, &form("preview")).await);
    assert!(preview.contains("Nothing has been sent yet") && preview.contains("&lt;i&gt;Really"));
    assert!(now(&mut phone, id).await.messages.is_empty());
    let edit = page(&priya.post(&reply, &form("edit")).await);
    assert!(
        edit.contains("Thank you. &lt;i&gt;Really"),
        "the words come back"
    );
    for _ in 0..2 {
        priya.post(&reply, &form("previewed")).await;
    }
    let it = now(&mut phone, id).await;
    assert_eq!((it.state, it.messages.len()), (CareState::Replied, 1));
    // Something came since the page was opened.
    let answer = Command::from(Says::Answer(
        id,
        Uuid::now_v7(),
        "One thing more".to_owned(),
    ));
    assert_eq!(phone.does(&answer).await, "applied");
    assert!(
        priya
            .read("/staff/experiences?show=waits")
            .await
            .contains(&path(id))
    );
    assert_eq!(press(&mut priya, id, "step=close&read=1").await, 409);
    assert!(priya.read(&path(id)).await.contains("One thing more"));
    assert_eq!(press(&mut priya, id, "step=close&read=2").await, 303);
    assert_eq!(now(&mut phone, id).await.state, CareState::Closed);
    let closed = priya.read("/staff/experiences?show=closed").await;
    assert!(closed.contains(&path(id)));
    assert!(!priya.read("/staff/experiences").await.contains(&path(id)));
}

#[tokio::test]
async fn nobody_writes_to_those_who_did_not_ask_to_hear_back() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |it| it.may_reply = false).await;
    let shown = priya.read(&path(id)).await;
    assert!(shown.contains("nobody writes to them about this") && !shown.contains("/reply"));
    let form = format!("id={}&message=Hello&step=previewed", Uuid::now_v7());
    let answer = priya.post(&format!("{}/reply", path(id)), &form).await;
    assert_eq!(answer.status, 409);
    assert!(now(&mut phone, id).await.messages.is_empty());
    assert!(
        !priya
            .read("/staff/experiences?show=waits")
            .await
            .contains(&path(id))
    );
    assert_eq!(press(&mut priya, id, "step=close&read=0").await, 303);
}

#[tokio::test]
async fn what_it_touches_is_for_staff_and_the_same_words_are_one_tag() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let one = told(&mut phone, harbour, |_| {}).await;
    let two = told(&mut phone, harbour, |it| it.stage = None).await;
    assert_eq!(
        press(&mut priya, one, "step=tag&tag=Going++home").await,
        303
    );
    assert_eq!(press(&mut priya, two, "step=tag&tag=going+HOME").await, 303);
    let tagged = |page: &str, id: ExperienceId| page.contains(&path(id));
    let list = priya.read("/staff/experiences?tag=Going+home").await;
    assert!(tagged(&list, one) && tagged(&list, two));
    let list = priya
        .read("/staff/experiences?stage=crisis_care&tag=Going+home")
        .await;
    assert!(tagged(&list, one) && !tagged(&list, two));
    // What cannot be kept comes back.
    let long = format!("step=tag&tag={}", "w".repeat(41));
    let answer = priya.post(&path(one), &long).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains(&"w".repeat(41)));
    assert_eq!(press(&mut priya, one, "step=tag&tag=+").await, 422);
    for n in 0..11 {
        let form = format!("step=tag&tag={}{n}", escape(HOSTILE).get(..9).unwrap());
        assert_eq!(press(&mut priya, one, &form).await, 303);
    }
    assert_eq!(press(&mut priya, one, "step=tag&tag=One+more").await, 409);
    assert_eq!(
        press(&mut priya, one, "step=untag&tag=Going+home").await,
        303
    );
    let list = priya.read("/staff/experiences?tag=Going+home").await;
    assert!(!tagged(&list, one) && tagged(&list, two));
    let told = serde_json::to_string(&now(&mut phone, two).await).unwrap();
    assert!(
        !told.to_lowercase().contains("going home"),
        "no phone is told"
    );
    // Taken back, nothing that staff said of it is left.
    assert_eq!(
        phone.does(&Command::from(Says::Withdraw(two))).await,
        "applied"
    );
    assert_eq!(priya.open(&path(two)).await.status, 404);
    assert!(
        !priya
            .read("/staff/experiences")
            .await
            .contains("Going home")
    );
}

#[tokio::test]
async fn what_it_came_to_is_told_in_words_and_a_reason_is_needed() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |it| it.may_reply = false).await;
    let came_to = format!("{}/came-to", path(id));
    for missing in [
        "state=not_possible&message=+",
        "state=&message=Words",
        "message=x",
    ] {
        let answer = priya
            .post(&came_to, &format!("{missing}&step=previewed"))
            .await;
        assert_eq!(answer.status, 422, "{missing}");
    }
    let form = |state: &str, step: &str| {
        format!(
            "state={state}&message={}&step={step}",
            escape("No room <b>yet</b>")
        )
    };
    let preview = page(&priya.post(&came_to, &form("not_possible", "preview")).await);
    assert!(preview.contains("This is not possible, because:") && preview.contains("&lt;b&gt;yet"));
    assert_eq!(now(&mut phone, id).await.link, None);
    let edit = page(&priya.post(&came_to, &form("not_possible", "edit")).await);
    assert!(
        edit.contains("value=\"not_possible\" required checked")
            && edit.contains("No room &lt;b&gt;")
    );
    for (state, link) in [
        ("planned", LinkState::Planned),
        ("not_possible", LinkState::NotPossible),
        ("made", LinkState::Made),
    ] {
        let answer = priya.post(&came_to, &form(state, "previewed")).await;
        assert_eq!(answer.status, 303);
        let told = now(&mut phone, id).await.link.unwrap();
        assert_eq!(
            (told.state, told.words.as_str()),
            (link, "No room <b>yet</b>")
        );
    }
    assert_eq!(
        phone.does(&Command::from(Says::Withdraw(id))).await,
        "applied"
    );
    let answer = priya.post(&came_to, &form("made", "previewed")).await;
    assert_eq!(answer.status, 404, "taken back");
}

async fn plan_of(site: &Site, id: ChangeId) -> ChangePlan {
    let mut reader = site.app.db.reader().await.unwrap();
    server::db::changes::find(&mut reader, id)
        .await
        .unwrap()
        .plan
}

/// Begins a change of it; gives its id.
async fn begins(desk: &mut Desk<'_>, id: ExperienceId) -> ChangeId {
    let answer = desk.post(&path(id), "step=begin").await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let change = answer.header("location").split('/').nth(3).unwrap();
    change.parse().unwrap()
}

#[tokio::test]
async fn a_draft_has_their_words_only_where_they_may_be_told_in_public() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    for may_use in MayUse::ALL {
        let id = told(&mut phone, harbour, |it| {
            it.may_use = may_use;
            it.different = None;
        })
        .await;
        let change = begins(&mut priya, id).await;
        let plan = plan_of(&site, change).await;
        assert_eq!(
            plan.you_said.contains(WORDS),
            may_use.is_public(),
            "{may_use:?}"
        );
        assert!(
            !plan.values().iter().any(|(_, value)| value.contains("Kit")),
            "no name"
        );
        let page = priya.read(&changes::path(change)).await;
        assert!(page.contains("It came from an experience that someone shared"));
    }
}

#[tokio::test]
async fn once_its_change_is_out_they_are_told_and_led_to_it_for_as_long_as_it_is_out() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut sam = at_the_desk(&site, "sam", &[]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;
    let planned = "state=planned&message=We+look+for+a+room&step=previewed";
    priya.post(&format!("{}/came-to", path(id)), planned).await;
    let change = begins(&mut priya, id).await;
    assert!(priya.read(&path(id)).await.contains(&changes::path(change)));
    assert_eq!(
        now(&mut phone, id).await.link.unwrap().change,
        None,
        "only a draft"
    );
    changes::writes(&mut priya, change, WHOLE).await;
    assert_eq!(changes::steps(&mut sam, change, "agree").await, 303);
    assert_eq!(changes::steps(&mut priya, change, "publish").await, 303);
    let link = now(&mut phone, id).await.link.unwrap();
    assert_eq!((link.state, link.change), (LinkState::Made, Some(change)));
    assert_eq!(link.words, "We made it lighter");

    // What staff say themselves stays as they said it, and leads there too.
    let made = "state=made&message=The+room+is+there&step=previewed";
    priya.post(&format!("{}/came-to", path(id)), made).await;
    let new = changes::corrects(&mut priya, change).await;
    let other = WHOLE.replace("lighter", "much+lighter");
    changes::writes(&mut priya, new, &other).await;
    assert_eq!(changes::steps(&mut sam, new, "agree").await, 303);
    assert_eq!(changes::steps(&mut priya, new, "publish").await, 303);
    let link = now(&mut phone, id).await.link.unwrap();
    assert_eq!(
        (link.words.as_str(), link.change),
        ("The room is there", Some(new))
    );
    assert_eq!(changes::takes_down(&mut priya, new, "A slip").await, 303);
    let link = now(&mut phone, id).await.link.unwrap();
    assert_eq!(
        (link.words.as_str(), link.change),
        ("The room is there", None)
    );
}

#[tokio::test]
async fn it_may_have_had_a_part_in_a_change_that_is_there() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut sam = at_the_desk(&site, "sam", &[]).await;
    let mut phone = site.joined("STAR-1").await;
    let id = told(&mut phone, harbour, |_| {}).await;
    let out = changes::published(&mut priya, &mut sam, WHOLE).await;
    let draft = changes::starts(&mut priya, "").await;
    for change in [out, draft] {
        assert_eq!(
            press(&mut priya, id, &format!("step=link&change={change}")).await,
            303
        );
    }
    assert_eq!(now(&mut phone, id).await.link.unwrap().change, Some(out));
    let none = format!("step=link&change={}", Uuid::now_v7());
    assert_eq!(press(&mut priya, id, &none).await, 409);
    assert_eq!(press(&mut priya, id, "step=link&change=x").await, 400);
    let thrown = priya
        .post(&format!("{}/forget", changes::path(draft)), "")
        .await;
    assert_eq!(
        thrown.status, 303,
        "a draft goes, whatever had a part in it"
    );
    assert!(!priya.read(&path(id)).await.contains(&draft.to_string()));
    assert_eq!(
        press(&mut priya, id, &format!("step=unlink&change={out}")).await,
        303
    );
    assert_eq!(now(&mut phone, id).await.link.unwrap().change, None);
}

#[tokio::test]
async fn the_list_goes_on_behind_its_first_page_with_those_who_wait_first() {
    let site = Site::new().await;
    let harbour = site.team("Harbour", "STAR-1").await;
    let mut priya = at_the_desk(&site, "priya", &[harbour]).await;
    let mut phone = site.joined("STAR-1").await;
    let mut ids = Vec::new();
    for n in 0..30 {
        ids.push(told(&mut phone, harbour, |it| it.may_reply = n < 3).await);
    }
    let first = priya.read("/staff/experiences").await;
    let place = |page: &str, id: ExperienceId| page.find(&path(id));
    let waits: Vec<_> = ids[..3]
        .iter()
        .map(|id| place(&first, *id).unwrap())
        .collect();
    assert!(
        waits[2] < waits[1] && waits[1] < waits[0],
        "the newest first"
    );
    assert!(
        waits[0] < place(&first, ids[29]).unwrap(),
        "who waits stands first"
    );
    let (_, rest) = first.split_once("after=").unwrap();
    let after = rest.split('"').next().unwrap();
    let second = priya
        .read(&format!("/staff/experiences?show=open&after={after}"))
        .await;
    let on = |page: &str| ids.iter().filter(|id| page.contains(&path(**id))).count();
    assert_eq!((on(&first), on(&second)), (25, 5));
}
