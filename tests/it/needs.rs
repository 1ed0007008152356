//! What would make taking part easier, kept for next time: the member's alone, and really gone when it is deleted.

mod sqlite;

use crate::{
    desk::{at_the_desk, hire, page, signed_in},
    site::{Phone, Site, record, said, wire},
    sync::a_request,
    taken_back::gone,
};
use app::domain::{
    attendee::Attendee,
    command::Command,
    id::{MemberId, SessionId, SignUpId},
    needs::{KeepNeeds, Needs},
    opportunity::{Gives, Session},
    record::{SignUp, kind},
};
use server::{db::staff::Role, verify};
use sqlx::Row;

const WORDS: &str = "Lampshade: a seat by the door";

fn keeps(member: MemberId, words: &str) -> Command {
    Command::KeepNeeds(KeepNeeds::keep(member, words.to_owned()))
}

fn deletes(member: MemberId, sign_ups: bool) -> Command {
    Command::KeepNeeds(KeepNeeds::delete(member, sign_ups))
}

/// A request that says `words`, which may be told.
fn asks(session: SessionId, words: &str) -> (SignUpId, Command) {
    let (id, mut request) = a_request(session);
    if let Command::RequestSignUp(request) = &mut request {
        request.access_needs = Some(words.to_owned());
    }
    (id, request)
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    let row = sqlx::query(sql).fetch_one(&site.app.db.pool).await;
    row.unwrap().get(0)
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

/// What a phone that asks for everything is told of it.
async fn told(phone: &mut Phone<'_>) -> Option<String> {
    phone.cursor = None;
    let member = phone.id();
    let all = phone.sync(&[]).await;
    record::<Needs>(&all, member).and_then(|kept| kept.needs)
}

#[tokio::test]
async fn what_is_said_last_is_kept_and_comes_to_the_other_phones_and_to_nobody_else() {
    let site = Site::new().await;
    let team = site.team("Harbour", "STAR-1").await;
    let mut phone = site.joined("STAR-1").await;
    let member = phone.id();
    phone.sync(&[]).await;
    let mut second = phone.second().await;
    let mut other = site.joined("STAR-1").await;
    let spaced = format!("  {WORDS}\n");
    assert_eq!(phone.does(&keeps(member, &spaced)).await, "applied");
    assert_eq!(told(&mut second).await.as_deref(), Some(WORDS));
    is_sound(&site).await;
    assert_eq!(second.does(&keeps(member, "A ramp")).await, "applied");
    assert_eq!(told(&mut phone).await.as_deref(), Some("A ramp"));
    gone(&site, WORDS).await;
    is_sound(&site).await;

    other.cursor = None;
    let all = other.sync(&[]).await;
    assert!(all.changes.iter().all(|change| change.kind != kind::NEEDS));
    let mut desk = at_the_desk(&site, "priya", &[team]).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    for path in [
        "/staff/people".to_owned(),
        format!("/staff/people/{member}"),
        format!("/staff/people/{member}/sign-up"),
        "/staff/enter".to_owned(),
        "/staff/sign-ups?show=all".to_owned(),
    ] {
        for desk in [&mut desk, &mut ada] {
            let answer = desk.open(&path).await;
            assert!(!page(&answer).contains("A ramp"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_same_command_twice_is_one_and_another_under_its_id_is_refused() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let member = phone.id();
    let sent = wire(&keeps(member, WORDS));
    for _ in 0..2 {
        let outcomes = phone.sync(std::slice::from_ref(&sent)).await.outcomes;
        assert_eq!(said(&outcomes[0]), "applied");
    }
    // It was deleted meanwhile: what is sent again does not bring it back.
    assert_eq!(phone.does(&deletes(member, false)).await, "applied");
    let outcomes = phone.sync(std::slice::from_ref(&sent)).await.outcomes;
    assert_eq!(said(&outcomes[0]), "applied");
    assert_eq!(told(&mut phone).await, None);
    let mut other = sent.clone();
    other["body"]["needs"] = "Something else".into();
    let outcomes = phone.sync(&[other]).await.outcomes;
    assert_eq!(said(&outcomes[0]), "id_reused");
    assert_eq!(count(&site, "select count(*) from needs").await, 0);
}

#[tokio::test]
async fn nobody_keeps_or_deletes_for_another_and_nothing_is_kept_without_a_yes() {
    let site = Site::new().await;
    let (mut one, mut other) = (site.member().await, site.member().await);
    let (mine, theirs) = (one.id(), other.id());
    other.does(&keeps(theirs, WORDS)).await;
    for command in [
        keeps(theirs, "Mine"),
        deletes(theirs, false),
        deletes(theirs, true),
    ] {
        assert_eq!(one.does(&command).await, "not_yours");
    }
    assert_eq!(told(&mut other).await.as_deref(), Some(WORDS));
    let no_yes = KeepNeeds {
        consent: None,
        ..KeepNeeds::keep(mine, WORDS.into())
    };
    let both = KeepNeeds {
        sign_ups: true,
        ..KeepNeeds::keep(mine, WORDS.into())
    };
    for command in [no_yes, both] {
        assert_eq!(one.does(&Command::KeepNeeds(command)).await, "malformed");
    }
    let long = "x".repeat(4001);
    for words in ["", "  ", "a\u{7}b", long.as_str()] {
        assert_eq!(
            one.does(&keeps(mine, words)).await,
            "malformed",
            "{words:?}"
        );
    }
    assert_eq!(count(&site, "select count(*) from needs").await, 1);
    // A phone that is signed in as nobody has nothing to say it for.
    let mut nobody = Phone::new(&site);
    let outcomes = nobody.sync(&[]).await;
    assert!(outcomes.changes.iter().all(|it| it.kind != kind::NEEDS));
    assert_eq!(
        nobody.sync_refused(&[wire(&keeps(mine, WORDS))]).await.0,
        401
    );
}

#[tokio::test]
async fn a_phone_that_was_signed_out_keeps_nothing_more_and_reads_nothing() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let member = phone.id();
    phone.does(&keeps(member, WORDS)).await;
    let mut second = phone.second().await;
    second.sync(&[]).await;
    let out = Command::SignOutDevice(second.device);
    assert_eq!(phone.does(&out).await, "applied");
    let (status, _) = second.sync_refused(&[wire(&keeps(member, "Mine"))]).await;
    assert!(status == 401 || status == 403, "{status}");
    assert_eq!(told(&mut phone).await.as_deref(), Some(WORDS));
}

#[tokio::test]
async fn what_is_deleted_is_in_no_file_and_sign_ups_keep_their_own_words_unless_asked() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    let mut phone = site.member().await;
    let member = phone.id();
    let kept = "Lampshade and a lift";
    phone.does(&keeps(member, kept)).await;
    let (id, request) = asks(session, WORDS);
    assert_eq!(phone.does(&request).await, "applied");
    assert_eq!(phone.does(&deletes(member, false)).await, "applied");
    gone(&site, kept).await;
    assert_eq!(told(&mut phone).await, None);
    phone.cursor = None;
    let mine: SignUp = record(&phone.sync(&[]).await, id).unwrap();
    assert_eq!(mine.access_needs.as_deref(), Some(WORDS));
    is_sound(&site).await;

    // Nothing is kept any more, and what was said with the sign-up can be deleted all the same.
    assert_eq!(phone.does(&deletes(member, true)).await, "applied");
    gone(&site, WORDS).await;
    let mine: SignUp = record(&phone.sync(&[]).await, id).unwrap_or_else(SignUp::mark);
    assert_eq!(mine.access_needs, None);
    is_sound(&site).await;
}

#[tokio::test]
async fn deleting_it_everywhere_takes_it_from_the_lead_and_the_register_and_leaves_the_place() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    let opportunity = {
        let told: Session = record(&Phone::new(&site).sync(&[]).await, session).unwrap();
        told.opportunity
    };
    let (mut phone, mut other) = (site.member().await, site.member().await);
    let member = phone.id();
    let mut lead = site.member().await;
    lead.sealed = true;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut ada = signed_in(&site, "ada").await;
    let path = format!("/staff/people/{}/leads", lead.id());
    ada.post(&path, &format!("opportunity={opportunity}")).await;
    let (id, request) = asks(session, WORDS);
    phone.does(&keeps(member, WORDS)).await;
    phone.does(&request).await;
    let (theirs, request) = asks(session, "A ramp");
    other.does(&request).await;

    let seen: Attendee = record(&lead.sync(&[]).await, id).unwrap();
    assert_eq!(seen.access_needs.as_deref(), Some(WORDS));
    let register = format!("/staff/sessions/{session}/register");
    assert!(ada.read(&register).await.contains(WORDS));
    // A later change of what is kept does not rewrite what anybody was told.
    phone.does(&keeps(member, "Something else")).await;
    assert!(ada.read(&register).await.contains(WORDS));

    assert_eq!(phone.does(&deletes(member, true)).await, "applied");
    let news = lead.sync(&[]).await;
    let seen: Attendee = record(&news, id).unwrap();
    assert_eq!(seen.access_needs, None);
    assert!(record::<Attendee>(&news, theirs).is_none_or(|it| it.access_needs.is_some()));
    let shown = ada.read(&register).await;
    assert!(!shown.contains(WORDS) && shown.contains("A ramp"));
    let shown = ada.read(&format!("/staff/sign-ups/{id}")).await;
    assert!(
        !shown.contains(WORDS) && shown.contains("Has a place"),
        "{shown}"
    );
    for words in [WORDS, "Something else"] {
        gone(&site, words).await;
    }
    is_sound(&site).await;
}

#[tokio::test]
async fn the_desk_shows_it_only_where_its_person_ticked_that_and_each_reading_is_written_down() {
    let site = Site::new().await;
    let session = site.session(Gives::FirstReceived, Some(2)).await;
    let (mut yes, mut no) = (site.member().await, site.member().await);
    let (shown, request) = asks(session, WORDS);
    yes.does(&request).await;
    let (hidden, mut request) = asks(session, "Nobody's to read");
    if let Command::RequestSignUp(request) = &mut request {
        request.access_needs_consent = false;
    }
    no.does(&request).await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    assert!(
        desk.read(&format!("/staff/sign-ups/{shown}"))
            .await
            .contains(WORDS)
    );
    let read = desk.read(&format!("/staff/sign-ups/{hidden}")).await;
    assert!(!read.contains("to read") && read.contains("did not tick that it may be shown"));
    let register = desk
        .read(&format!("/staff/sessions/{session}/register"))
        .await;
    assert!(register.contains(WORDS) && !register.contains("to read"));
    let lines = "select count(*) from audit where action in ('sign_up.read', 'sign_ups.register')";
    assert_eq!(count(&site, lines).await, 3);
    // The lists say nothing of it at all.
    for path in ["/staff/sign-ups?show=all", "/staff"] {
        assert!(!page(&desk.open(path).await).contains(WORDS), "{path}");
    }
}

#[tokio::test]
async fn who_leaves_leaves_nothing_of_it_and_can_keep_nothing_more() {
    let site = Site::new().await;
    let mut phone = site.member().await;
    let member = phone.id();
    phone.does(&keeps(member, WORDS)).await;
    let leave = wire(&Command::Leave(member));
    let late = wire(&keeps(member, "Too late"));
    let outcomes = phone.sync(&[leave, late]).await.outcomes;
    assert_eq!(said(&outcomes[0]), "applied");
    assert_eq!(said(&outcomes[1]), "left");
    gone(&site, WORDS).await;
    assert_eq!(count(&site, "select count(*) from needs").await, 0);
    let live = "select count(*) from feed where kind = 'needs' and deleted = 0";
    assert_eq!(count(&site, live).await, 0);
    is_sound(&site).await;
}

#[tokio::test]
async fn a_kept_word_that_phones_are_not_told_of_or_that_outlived_its_member_is_a_fault() {
    for (spoil, what) in [
        ("delete from needs", "nothing that it is made of"),
        (
            "update needs set words = 'Other'",
            "is not what it is made of",
        ),
        (
            "update feed set deleted = 1, body = null where kind = 'needs'",
            "phones are not told",
        ),
        (
            "update members set left_at = 1, name = ''",
            "what would make it easier for them is here",
        ),
    ] {
        let site = Site::new().await;
        let mut phone = site.member().await;
        let member = phone.id();
        phone.does(&keeps(member, WORDS)).await;
        is_sound(&site).await;
        let spoils = site.app.writer.run(move |tx| {
            Box::pin(async move {
                sqlx::query(spoil).execute(tx).await?;
                Ok(())
            })
        });
        spoils.await.unwrap();
        let faults = verify::database(&site.app.config.store).await.unwrap();
        assert!(
            faults.iter().any(|fault| fault.contains(what)),
            "{faults:?}"
        );
        assert!(!faults.concat().contains(WORDS));
    }
}
