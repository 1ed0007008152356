//! Peer support: what each of the two is told and when, what staff do, and that nobody is matched without two yeses.

mod sqlite;

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    safety_settings::name_readers,
    site::{Phone, Site, an_opportunity, said, wire, wire_as},
    words::{all, is_sound, told},
};
use app::{
    domain::{
        command::Command,
        contact::{Contact, ContactBy},
        group::{Group, GroupState},
        id::{CommandId, GroupId, MemberId, OpportunityId, PeerAskId, PeerMatchId, StaffId},
        member::Rename,
        opportunity::{Agreement, Area, Opportunity},
        peer::{
            Ask, AskState, Does, MatchState, NotAsked, PeerAsk, PeerMatch, PeerMessage,
            PeerSupporter, PeerWorry,
        },
        record::kind,
    },
    sync::wire::SyncResponse,
};
use server::{
    commands::peers_desk::{OnAsk, OnMatch, OnSupporter, PeerAction, PeerDone},
    db::{groups, peers::asks, staff::Role},
    error::Error,
    publish, retention, verify,
};
use uuid::Uuid;

const ABOUT: &str = "Nights are long <b>\u{202e}🐦";
const SUITS: &str = "Evenings";
const NOT_WITH: &str = "my cousin Odo";
const NUMBER: &str = "07700 900321";

/// An ask that shows a peer nothing but when.
fn an_ask() -> Ask {
    Ask {
        ask: PeerAskId(Uuid::now_v7()),
        about: Some(ABOUT.to_owned()),
        show_about: false,
        suits: Some(SUITS.to_owned()),
        not_with: Some(NOT_WITH.to_owned()),
        contact: Some(Contact {
            by: ContactBy::Text,
            value: NUMBER.to_owned(),
            safe_to_leave_message: false,
        }),
        show_contact: false,
    }
}

async fn asks(phone: &mut Phone<'_>, it: &Ask) {
    let ask = Does::Ask(Box::new(it.clone()));
    assert_eq!(does(phone, ask).await, "applied");
}

async fn does(phone: &mut Phone<'_>, it: Does) -> String {
    phone.does(&Command::from(it)).await
}

async fn at(site: &Site, by: StaffId, action: PeerAction) -> PeerDone {
    let done = site.app.writer.peers(by, action).await;
    done.expect("something that staff may do")
}

async fn on(site: &Site, by: StaffId, id: PeerAskId, action: OnAsk) -> PeerDone {
    at(site, by, PeerAction::OnAsk(id, action)).await
}

/// A member who supports others, with all that it takes, on a phone with a PIN.
pub async fn a_peer<'a>(site: &'a Site, name: &str, by: StaffId) -> Phone<'a> {
    let mut phone = site.named(name).await;
    let member = phone.id();
    for action in [
        OnSupporter::Make,
        OnSupporter::Train("Listening well".into(), "2026-05-01".into()),
        OnSupporter::Supervise(by),
    ] {
        let action = PeerAction::OnSupporter(member, action);
        assert_eq!(at(site, by, action).await, PeerDone::Done);
    }
    phone.sealed = true;
    phone.sync(&[]).await;
    let agree = Does::Agree { member, agreed: 1 };
    assert_eq!(does(&mut phone, agree).await, "applied");
    phone
}

fn ask_peer(peer: &Phone<'_>) -> OnAsk {
    OnAsk::AskPeer {
        peer: peer.id(),
        looked: true,
    }
}

/// The one match that the phone knows of.
async fn its_match(phone: &mut Phone<'_>) -> Option<(PeerMatchId, PeerMatch)> {
    let response = all(phone).await;
    let mut found = response.changes.into_iter();
    let found = found.find(|change| change.kind == kind::PEER_MATCH && !change.deleted)?;
    let body = found.body.expect("a record");
    let body = serde_json::from_str(body.0.get()).expect("a match");
    Some((found.id.parse().expect("its id"), body))
}

async fn its_ask(phone: &mut Phone<'_>, id: PeerAskId) -> PeerAsk {
    told(phone, kind::PEER_ASK, id).await.expect("the ask")
}

/// A member and a peer who are matched, and who looks after the peer.
pub struct Matched<'a> {
    pub ask: Ask,
    pub id: PeerMatchId,
    pub kit: Phone<'a>,
    pub wren: Phone<'a>,
}

/// Both said yes.
pub async fn matched<'a>(site: &'a Site, by: StaffId, ask: Ask) -> Matched<'a> {
    let mut wren = a_peer(site, "Wren", by).await;
    let mut kit = site.named("Kit").await;
    asks(&mut kit, &ask).await;
    assert_eq!(on(site, by, ask.ask, ask_peer(&wren)).await, PeerDone::Done);
    let (id, _) = its_match(&mut wren).await.expect("the peer is asked");
    assert_eq!(does(&mut wren, Does::Yes(id)).await, "applied");
    assert_eq!(does(&mut kit, Does::Yes(id)).await, "applied");
    Matched { ask, id, kit, wren }
}

/// An ask of somebody called Nils and the match that came of it, with `by` behind the peer.
pub async fn for_roles(
    site: &Site,
    by: StaffId,
    about: &str,
) -> (PeerAskId, MemberId, PeerMatchId) {
    let ask = Ask {
        about: Some(about.to_owned()),
        not_with: None,
        ..an_ask()
    };
    let it = matched(site, by, ask).await;
    (it.ask.ask, it.wren.id(), it.id)
}

fn a_message(id: PeerMatchId, words: &str) -> (Uuid, Does) {
    let message = Uuid::now_v7();
    let write = Does::Write {
        message,
        peer_match: id,
        words: words.to_owned(),
    };
    (message, write)
}

fn everything(response: &SyncResponse) -> String {
    let bodies = response.changes.iter();
    let bodies = bodies.filter_map(|change| change.body.as_ref());
    bodies.map(|body| body.0.get()).collect()
}

/// Changes what no handler would.
async fn spoils(site: &Site, text: &'static str) {
    let work = site.app.writer.run(move |tx| {
        Box::pin(async move {
            sqlx::query(text).execute(tx).await?;
            Ok(())
        })
    });
    work.await.expect("a change");
}

/// Everything that this database holds of a column's words.
async fn stands_anywhere(site: &Site, words: &str) -> bool {
    for text in [
        "select count(*) from feed where body like '%' || $1 || '%'",
        "select count(*) from audit where detail like '%' || $1 || '%'",
        "select count(*) from peer_asks where not_with like '%' || $1 || '%' or about like '%' || $1 || '%'",
        "select count(*) from peer_messages where words like '%' || $1 || '%'",
    ] {
        let count: i64 = sqlx::query_scalar(text)
            .bind(words.to_owned())
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
        if count > 0 {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn each_is_told_what_they_may_know_and_both_say_yes_before_a_name_is_said() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut wren = a_peer(&site, "Wren", by).await;
    let about = Does::About {
        member: wren.id(),
        about: Some("I have been on the ward too".into()),
    };
    assert_eq!(does(&mut wren, about).await, "applied");
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    let sent = its_ask(&mut kit, ask.ask).await;
    assert_eq!((sent.state, sent.seen_by), (AskState::Sent, None));
    assert_eq!(sent.about.as_deref(), Some(ABOUT));
    at(&site, by, PeerAction::Open(ask.ask)).await;
    assert_eq!(
        its_ask(&mut kit, ask.ask).await.seen_by.as_deref(),
        Some("priya")
    );

    // The peer is asked: no name, no number, not what it is about. The other one is told of no peer.
    assert_eq!(
        on(&site, by, ask.ask, ask_peer(&wren)).await,
        PeerDone::Done
    );
    let (id, asked) = its_match(&mut wren).await.unwrap();
    assert_eq!(
        (asked.state, asked.supports, asked.suits.as_deref()),
        (MatchState::Asked, true, Some(SUITS))
    );
    let known = everything(&all(&mut wren).await);
    for words in ["Kit", "Nights", NUMBER, NOT_WITH] {
        assert!(!known.contains(words), "{words} is on the peer's phone");
    }
    assert_eq!(its_ask(&mut kit, ask.ask).await.state, AskState::AskedPeer);
    assert!(its_match(&mut kit).await.is_none());
    assert!(!everything(&all(&mut kit).await).contains("Wren"));
    // Nobody says yes for the peer.
    assert_eq!(does(&mut kit, Does::Yes(id)).await, "not_yours");
    let mut other = site.named("Sam").await;
    assert_eq!(does(&mut other, Does::Yes(id)).await, "not_yours");

    assert_eq!(does(&mut wren, Does::Yes(id)).await, "applied");
    let (_, offered) = its_match(&mut kit).await.unwrap();
    assert_eq!(
        (offered.state, offered.supports, offered.name.as_deref()),
        (MatchState::Offered, false, Some("Wren"))
    );
    assert_eq!(offered.says.as_deref(), Some("I have been on the ward too"));
    assert!(!everything(&all(&mut wren).await).contains("Kit"));
    assert_eq!(does(&mut wren, a_message(id, "Hello").1).await, "peer_over");

    assert_eq!(does(&mut kit, Does::Yes(id)).await, "applied");
    assert_eq!(its_ask(&mut kit, ask.ask).await.state, AskState::Matched);
    let (_, matched) = its_match(&mut wren).await.unwrap();
    assert_eq!(
        (matched.state, matched.name.as_deref(), matched.contact),
        (MatchState::Matched, Some("Kit"), None)
    );
    // What one of them is called is told again.
    let rename = Command::Rename(Rename {
        member: kit.id(),
        name: Some("Kim".into()),
    });
    assert_eq!(kit.does(&rename).await, "applied");
    let (_, matched) = its_match(&mut wren).await.unwrap();
    assert_eq!(matched.name.as_deref(), Some("Kim"));
    is_sound(&site).await;
}

#[tokio::test]
async fn what_the_person_ticked_is_shown_and_the_number_only_once_both_said_yes() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let ask = Ask {
        show_about: true,
        show_contact: true,
        ..an_ask()
    };
    let mut wren = a_peer(&site, "Wren", by).await;
    let mut kit = site.named("Kit").await;
    asks(&mut kit, &ask).await;
    on(&site, by, ask.ask, ask_peer(&wren)).await;
    let (id, asked) = its_match(&mut wren).await.unwrap();
    assert_eq!(asked.about.as_deref(), Some(ABOUT));
    assert_eq!((asked.contact, asked.name), (None, None));
    does(&mut wren, Does::Yes(id)).await;
    assert_eq!(its_match(&mut wren).await.unwrap().1.contact, None);
    does(&mut kit, Does::Yes(id)).await;
    let (_, matched) = its_match(&mut wren).await.unwrap();
    assert_eq!(matched.contact, ask.contact);
    is_sound(&site).await;
}

#[tokio::test]
async fn who_it_should_not_be_with_is_on_one_page_of_the_desk_and_goes_with_the_ask() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "jo", &[]).await;
    let by = site.staff("priya", &[]).await;
    let it = matched(&site, by, an_ask()).await;
    let (mut kit, mut wren) = (it.kit, it.wren);
    let mine = its_ask(&mut kit, it.ask.ask).await;
    assert!(mine.said_not_with && mine.not_with.is_none());
    for phone in [&mut kit, &mut wren] {
        assert!(!everything(&all(phone).await).contains(NOT_WITH));
    }
    let shown = desk
        .read(&format!("/staff/peers/asks/{}", it.ask.ask))
        .await;
    assert!(shown.contains(NOT_WITH) && shown.contains("Nights are long &lt;b&gt;"));
    for path in [
        "/staff/peers".to_owned(),
        "/staff/sign-ups".to_owned(),
        format!("/staff/peers/supporters/{}", wren.id()),
    ] {
        assert!(!desk.read(&path).await.contains(NOT_WITH), "{path}");
    }
    assert_eq!(does(&mut kit, Does::Withdraw(it.ask.ask)).await, "applied");
    assert!(!stands_anywhere(&site, NOT_WITH).await);
    assert!(!stands_anywhere(&site, "Nights").await);
    let gone = desk
        .open(&format!("/staff/peers/asks/{}", it.ask.ask))
        .await;
    assert_eq!(gone.status, 404);
    is_sound(&site).await;
}

#[tokio::test]
async fn nobody_is_asked_without_agreement_training_somebody_behind_them_and_a_pin() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut wren = site.named("Wren").await;
    let member = wren.id();
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    let asked = async || {
        let it = OnAsk::AskPeer {
            peer: member,
            looked: true,
        };
        site.app
            .writer
            .peers(by, PeerAction::OnAsk(ask.ask, it))
            .await
    };
    let not_ready = PeerDone::NotAsked(NotAsked::NotReady);
    assert!(matches!(asked().await, Err(Error::NotFound)));
    at(
        &site,
        by,
        PeerAction::OnSupporter(member, OnSupporter::Make),
    )
    .await;
    assert_eq!(asked().await.unwrap(), not_ready);
    let mine: PeerSupporter = told(&mut wren, kind::PEER_SUPPORTER, member).await.unwrap();
    let agreement = mine.agreement.unwrap();
    assert_eq!((agreement.version, mine.agreed), (1, None));
    let agree = Does::Agree { member, agreed: 1 };
    assert_eq!(does(&mut wren, agree).await, "applied");
    let train = OnSupporter::Train("Listening".into(), "2026-05-01".into());
    at(&site, by, PeerAction::OnSupporter(member, train)).await;
    at(
        &site,
        by,
        PeerAction::OnSupporter(member, OnSupporter::Supervise(by)),
    )
    .await;
    assert_eq!(asked().await.unwrap(), not_ready, "no PIN yet");
    wren.sealed = true;
    wren.sync(&[]).await;
    let unread = OnAsk::AskPeer {
        peer: member,
        looked: false,
    };
    assert_eq!(
        on(&site, by, ask.ask, unread).await,
        PeerDone::NotAsked(NotAsked::Unread)
    );
    let own = Does::Pause {
        member: kit.id(),
        paused: true,
    };
    assert_eq!(does(&mut wren, own).await, "not_yours");
    let pause = |paused| Does::Pause { member, paused };
    does(&mut wren, pause(true)).await;
    assert_eq!(asked().await.unwrap(), not_ready);
    does(&mut wren, pause(false)).await;
    assert_eq!(asked().await.unwrap(), PeerDone::Done);
    is_sound(&site).await;
}

#[tokio::test]
async fn a_pin_that_is_turned_off_and_an_agreement_that_changed_ask_nobody() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut wren = a_peer(&site, "Wren", by).await;
    let member = wren.id();
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    let asked = async || {
        let it = OnAsk::AskPeer {
            peer: member,
            looked: true,
        };
        on(&site, by, ask.ask, it).await
    };
    let not_ready = PeerDone::NotAsked(NotAsked::NotReady);
    // Another phone without a PIN says nothing of the one that has it; two that have one do not take turns.
    let mut second = wren.second().await;
    for sealed in [false, true] {
        second.sealed = sealed;
        second.sync(&[]).await;
    }
    wren.sealed = false;
    wren.sync(&[]).await;
    assert_eq!(asked().await, not_ready);
    second.sync(&[]).await;
    let second_too = Does::Agree { member, agreed: 1 };
    assert_eq!(does(&mut second, second_too).await, "applied");
    at(&site, by, PeerAction::Agreement("Be kind".into())).await;
    assert_eq!(asked().await, not_ready);
    let agree = |agreed| Does::Agree { member, agreed };
    assert_eq!(does(&mut wren, agree(1)).await, "applied");
    assert_eq!(asked().await, not_ready, "the old one is no more");
    assert_eq!(does(&mut wren, agree(2)).await, "applied");
    // The phone with the PIN is lost.
    let (lost, back) = (second.device, Command::LoseDevice(second.device));
    assert_ne!(lost, wren.device);
    assert_eq!(wren.does(&back).await, "applied");
    assert_eq!(asked().await, not_ready);
    wren.sealed = true;
    wren.sync(&[]).await;
    assert_eq!(asked().await, PeerDone::Done);
    is_sound(&site).await;
}

#[tokio::test]
async fn what_a_peer_is_told_comes_only_to_a_phone_that_seals_it_and_leaves_with_the_role() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    let peer = it.wren.id();
    let scopes = |response: SyncResponse| {
        let sums = response.sums.unwrap();
        let found = sums.keys().any(|scope| scope.starts_with("peer:"));
        (found, response.changes)
    };
    assert!(scopes(all(&mut it.wren).await).0);
    it.wren.sealed = false;
    let (found, changes) = scopes(all(&mut it.wren).await);
    assert!(!found && changes.iter().all(|one| one.kind != kind::PEER_MATCH));
    it.wren.sealed = true;
    // Whoever is matched with them has it without a PIN: it is their own.
    assert!(!it.kit.sealed && its_match(&mut it.kit).await.is_some());
    it.kit.sealed = true;
    assert!(!scopes(all(&mut it.kit).await).0);
    at(&site, by, PeerAction::OnSupporter(peer, OnSupporter::End)).await;
    assert!(!scopes(all(&mut it.wren).await).0);
    let supporter: Option<PeerSupporter> = told(&mut it.wren, kind::PEER_SUPPORTER, peer).await;
    assert!(supporter.is_none());
    let (_, over) = its_match(&mut it.kit).await.unwrap();
    assert_eq!(over.state, MatchState::Ended);
    assert_eq!(
        its_ask(&mut it.kit, it.ask.ask).await.state,
        AskState::Ended
    );
    // They can ask again.
    asks(&mut it.kit, &an_ask()).await;
    is_sound(&site).await;
}

#[tokio::test]
async fn not_this_time_needs_no_reason_and_the_same_two_are_not_asked_again() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut wren = a_peer(&site, "Wren", by).await;
    let mut robin = a_peer(&site, "Robin", by).await;
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    on(&site, by, ask.ask, ask_peer(&wren)).await;
    assert_eq!(
        on(&site, by, ask.ask, ask_peer(&robin)).await,
        PeerDone::NotAsked(NotAsked::NotWaiting),
        "one at a time"
    );
    let (id, _) = its_match(&mut wren).await.unwrap();
    assert_eq!(does(&mut wren, Does::NotThisTime(id)).await, "applied");
    assert!(its_match(&mut wren).await.is_none());
    assert_eq!(its_ask(&mut kit, ask.ask).await.state, AskState::Sent);
    let apart = PeerDone::NotAsked(NotAsked::Apart);
    assert_eq!(on(&site, by, ask.ask, ask_peer(&wren)).await, apart);
    on(&site, by, ask.ask, ask_peer(&robin)).await;
    let (id, _) = its_match(&mut robin).await.unwrap();
    does(&mut robin, Does::Yes(id)).await;
    assert_eq!(does(&mut kit, Does::NotThisTime(id)).await, "applied");
    assert!(its_match(&mut robin).await.is_none());
    assert!(its_match(&mut kit).await.is_none());
    assert_eq!(its_ask(&mut kit, ask.ask).await.state, AskState::Sent);
    assert_eq!(does(&mut robin, Does::Yes(id)).await, "peer_over");
    // Kept apart by staff: not offered; and no more kept apart, it can be.
    let mut jay = a_peer(&site, "Jay", by).await;
    on(&site, by, ask.ask, OnAsk::Apart(jay.id(), true)).await;
    assert_eq!(on(&site, by, ask.ask, ask_peer(&jay)).await, apart);
    on(&site, by, ask.ask, OnAsk::Apart(jay.id(), false)).await;
    assert_eq!(on(&site, by, ask.ask, ask_peer(&jay)).await, PeerDone::Done);
    // Staff think better of it.
    assert_eq!(
        on(&site, by, ask.ask, OnAsk::AskNoMore).await,
        PeerDone::Done
    );
    assert!(its_match(&mut jay).await.is_none());
    assert_eq!(
        on(&site, by, ask.ask, OnAsk::AskNoMore).await,
        PeerDone::NotFrom
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn a_break_takes_questions_away_and_lets_talks_go_on() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    let member = it.wren.id();
    let mut sam = site.named("Sam").await;
    let ask = an_ask();
    asks(&mut sam, &ask).await;
    on(&site, by, ask.ask, ask_peer(&it.wren)).await;
    assert_eq!(its_ask(&mut sam, ask.ask).await.state, AskState::AskedPeer);
    let pause = Does::Pause {
        member,
        paused: true,
    };
    assert_eq!(does(&mut it.wren, pause).await, "applied");
    assert_eq!(its_ask(&mut sam, ask.ask).await.state, AskState::Sent);
    assert_eq!(
        its_ask(&mut it.kit, it.ask.ask).await.state,
        AskState::Matched
    );
    assert_eq!(
        does(&mut it.wren, a_message(it.id, "Still here").1).await,
        "applied"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn taking_the_ask_back_wins_from_everywhere_and_whatever_comes_first() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut wren = a_peer(&site, "Wren", by).await;
    let mut kit = site.named("Kit").await;
    // Before it came at all.
    let ask = an_ask();
    assert_eq!(does(&mut kit, Does::Withdraw(ask.ask)).await, "applied");
    let late = Does::Ask(Box::new(ask.clone()));
    assert_eq!(does(&mut kit, late).await, "applied");
    assert!(
        told::<PeerAsk>(&mut kit, kind::PEER_ASK, ask.ask)
            .await
            .is_none()
    );
    for says in [0, 1, 2] {
        let ask = an_ask();
        asks(&mut kit, &ask).await;
        on(&site, by, ask.ask, ask_peer(&wren)).await;
        let (id, _) = its_match(&mut wren).await.unwrap();
        if says > 0 {
            does(&mut wren, Does::Yes(id)).await;
        }
        if says > 1 {
            does(&mut kit, Does::Yes(id)).await;
            does(&mut kit, a_message(id, "Nights again").1).await;
        }
        // Somebody else's is not theirs to take back.
        assert_eq!(does(&mut wren, Does::Withdraw(ask.ask)).await, "not_yours");
        // In one request with a yes behind it.
        let both = [Does::Withdraw(ask.ask), Does::Yes(id)];
        let both = both.map(|it| wire(&Command::from(it)));
        let response = kit.sync(&both).await;
        assert_eq!(said(&response.outcomes[0]), "applied");
        assert_ne!(said(&response.outcomes[1]), "applied");
        assert_eq!(its_ask(&mut kit, ask.ask).await.state, AskState::Withdrawn);
        assert!(its_match(&mut kit).await.is_none());
        let left = everything(&all(&mut wren).await);
        assert!(!left.contains("Kit") && !left.contains("Nights"), "{left}");
        assert!(!stands_anywhere(&site, "Nights").await);
        let done = on(&site, by, ask.ask, OnAsk::NobodyYet(None)).await;
        assert_eq!(done, PeerDone::NotFrom);
        is_sound(&site).await;
        // The next one is another person's question to the same peer.
    }
}

#[tokio::test]
async fn one_ask_is_open_at_a_time_and_sending_it_twice_asks_once() {
    let site = Site::new().await;
    site.staff("priya", &[]).await;
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    let id = CommandId(Uuid::now_v7());
    let command = Command::from(Does::Ask(Box::new(ask.clone())));
    for _ in 0..2 {
        let response = kit.sync(&[wire_as(id, &command)]).await;
        assert_eq!(said(&response.outcomes[0]), "applied");
    }
    let second = Does::Ask(Box::new(an_ask()));
    assert_eq!(does(&mut kit, second).await, "peer_asked");
    let mut sam = site.named("Sam").await;
    let stolen = Does::Ask(Box::new(ask));
    assert_eq!(does(&mut sam, stolen).await, "not_yours");
}

#[tokio::test]
async fn the_two_write_to_each_other_take_words_back_and_nobody_else_does() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    let (hello, write) = a_message(it.id, "  Hello <b>\u{202e}🐦 ");
    assert_eq!(does(&mut it.kit, write.clone()).await, "applied");
    let (_, other) = a_message(it.id, "From outside");
    let mut sam = site.named("Sam").await;
    assert_eq!(does(&mut sam, other).await, "not_yours");
    let mine: PeerMessage = told(&mut it.kit, kind::PEER_MESSAGE, hello).await.unwrap();
    let theirs: PeerMessage = told(&mut it.wren, kind::PEER_MESSAGE, hello).await.unwrap();
    assert_eq!((mine.theirs, theirs.theirs), (false, true));
    assert_eq!(theirs.words.as_deref(), Some("Hello <b>\u{202e}🐦"));
    let back = Does::TakeBack {
        message: hello,
        peer_match: it.id,
    };
    assert_eq!(does(&mut it.wren, back.clone()).await, "not_yours");
    assert_eq!(does(&mut it.kit, back).await, "applied");
    let theirs: PeerMessage = told(&mut it.wren, kind::PEER_MESSAGE, hello).await.unwrap();
    assert_eq!(theirs.words, None);
    // Taken back before it came: it does not come.
    let (late, write) = a_message(it.id, "Never mind");
    let back = Does::TakeBack {
        message: late,
        peer_match: it.id,
    };
    assert_eq!(does(&mut it.wren, back).await, "applied");
    assert_eq!(does(&mut it.wren, write).await, "applied");
    assert!(!stands_anywhere(&site, "Never mind").await);
    // It ends: the peer has nothing of it any more, the other one reads on, and late words come back.
    let (kept, write) = a_message(it.id, "Thank you");
    does(&mut it.kit, write).await;
    assert_eq!(does(&mut it.wren, Does::End(it.id)).await, "applied");
    let over = its_match(&mut it.wren).await.unwrap().1;
    assert_eq!((over.state, over.name), (MatchState::Ended, None));
    assert!(!everything(&all(&mut it.wren).await).contains("Thank you"));
    assert!(
        told::<PeerMessage>(&mut it.kit, kind::PEER_MESSAGE, kept)
            .await
            .is_some()
    );
    assert_eq!(
        does(&mut it.kit, a_message(it.id, "Late").1).await,
        "peer_over"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn staff_read_what_two_people_write_only_when_one_of_them_asks_and_only_who_is_behind_the_peer()
 {
    let site = Site::new().await;
    let by = hire(&site, "priya", Role::Staff, &[]).await;
    hire(&site, "ada", Role::Admin, &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    does(&mut it.kit, a_message(it.id, "Between us").1).await;
    let path = format!("/staff/peers/matches/{}", it.id);
    let mut priya = signed_in(&site, "priya").await;
    let mut ada = signed_in(&site, "ada").await;
    let refused = async |desk: &mut Desk<'_>| {
        let answer = desk.open(&path).await;
        assert_eq!(answer.status, 403);
        assert!(!page(&answer).contains("Between us"));
    };
    refused(&mut priya).await;
    refused(&mut ada).await;
    let ask = format!("/staff/peers/asks/{}", it.ask.ask);
    assert!(!ada.read(&ask).await.contains("Between us"));
    assert_eq!(does(&mut it.wren, Does::Look(it.id)).await, "applied");
    assert!(its_match(&mut it.kit).await.unwrap().1.looks);
    refused(&mut ada).await;
    assert!(priya.read("/staff/peers").await.contains(&path));
    assert!(priya.read(&path).await.contains("Between us"));
    let read: i64 =
        sqlx::query_scalar("select count(*) from audit where action = 'peer_match.read'")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(read, 1);
    assert_eq!(ada.post(&path, "step=looked").await.status, 403);
    assert_eq!(priya.post(&path, "step=looked").await.status, 303);
    assert!(!its_match(&mut it.kit).await.unwrap().1.looks);
    refused(&mut priya).await;
    // Staff end a match that should not go on.
    assert_eq!(ada.post(&path, "step=end").await.status, 303);
    let over = its_match(&mut it.kit).await.unwrap().1;
    assert_eq!(over.state, MatchState::Ended);
    is_sound(&site).await;
}

#[tokio::test]
async fn a_peers_worry_reaches_the_named_people_and_nobody_else_and_is_said_to_be_there() {
    let site = Site::new().await;
    let by = hire(&site, "priya", Role::Staff, &[]).await;
    let lee = hire(&site, "lee", Role::Staff, &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    name_readers(&site, &[lee]).await;
    let wren = it.wren.id();
    let mine: PeerSupporter = told(&mut it.wren, kind::PEER_SUPPORTER, wren)
        .await
        .unwrap();
    assert_eq!(mine.readers.as_deref(), Some("lee"));
    assert!(mine.steps.iter().any(|step| step.contains("999")));
    let worry = Uuid::now_v7();
    let said = |peer_match| Does::Worry {
        worry,
        peer_match,
        words: "They said goodbye".to_owned(),
    };
    assert_eq!(does(&mut it.kit, said(Some(it.id))).await, "not_yours");
    assert_eq!(does(&mut it.wren, said(Some(it.id))).await, "applied");
    let there: PeerWorry = told(&mut it.wren, kind::PEER_WORRY, worry).await.unwrap();
    assert!(there.at.is_some() && there.words.is_none());
    let mut priya = signed_in(&site, "priya").await;
    assert_eq!(priya.open("/staff/safety").await.status, 403);
    let mut lee = signed_in(&site, "lee").await;
    assert!(
        lee.read("/staff/safety")
            .await
            .contains("Wren (peer supporter)")
    );
    let record = lee.read(&format!("/staff/safety/{worry}")).await;
    assert!(record.contains("They said goodbye") && record.contains("Kit"));
    // It stays when the ask is taken back, as any such record does.
    does(&mut it.kit, Does::Withdraw(it.ask.ask)).await;
    assert!(
        lee.read(&format!("/staff/safety/{worry}"))
            .await
            .contains("goodbye")
    );
    // Whoever supports nobody any more can still say it; about somebody else's match it names nobody.
    at(
        &site,
        by,
        PeerAction::OnSupporter(it.wren.id(), OnSupporter::End),
    )
    .await;
    let second = Does::Worry {
        worry: Uuid::now_v7(),
        peer_match: None,
        words: "Still worried".to_owned(),
    };
    assert_eq!(does(&mut it.wren, second).await, "applied");
    is_sound(&site).await;
}

async fn published(site: &Site, area: Area) -> OpportunityId {
    let id = OpportunityId(Uuid::now_v7());
    let it = Opportunity {
        area,
        title: "Peer café".to_owned(),
        ..an_opportunity()
    };
    let work = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { publish::opportunity(tx, id, &it).await }));
    work.await.expect("an opportunity");
    id
}

#[tokio::test]
async fn a_group_session_is_suggested_and_nobody_being_free_is_said_with_words() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let cafe = published(&site, Area::PeerSupport).await;
    let other = published(&site, Area::Training).await;
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    let suggest = |id| OnAsk::Suggest(id, Some("You might like it".into()));
    let wrong = PeerAction::OnAsk(ask.ask, suggest(other));
    assert!(matches!(
        site.app.writer.peers(by, wrong).await,
        Err(Error::NotFound)
    ));
    on(&site, by, ask.ask, suggest(cafe)).await;
    let told = its_ask(&mut kit, ask.ask).await;
    assert_eq!(
        (told.state, told.opportunity, told.message.as_deref()),
        (AskState::Suggested, Some(cafe), Some("You might like it"))
    );
    assert_eq!(does(&mut kit, Does::KeepLooking(ask.ask)).await, "applied");
    let told = its_ask(&mut kit, ask.ask).await;
    assert_eq!(
        (told.state, told.opportunity, told.message),
        (AskState::Sent, None, None)
    );
    on(&site, by, ask.ask, OnAsk::NobodyYet(Some("Sorry".into()))).await;
    let told = its_ask(&mut kit, ask.ask).await;
    assert_eq!(
        (told.state, told.message.as_deref()),
        (AskState::NobodyYet, Some("Sorry"))
    );
    on(
        &site,
        by,
        ask.ask,
        OnAsk::End("We talked on the phone".into()),
    )
    .await;
    let told = its_ask(&mut kit, ask.ask).await;
    assert_eq!(
        (told.state, told.message.as_deref()),
        (AskState::Ended, Some("We talked on the phone"))
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn whoever_leaves_chorus_leaves_nothing_of_it_to_the_other() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    does(&mut it.kit, a_message(it.id, "Said by Kit").1).await;
    does(&mut it.wren, a_message(it.id, "Said by Wren").1).await;
    let wren = it.wren.id();
    assert_eq!(it.wren.does(&Command::Leave(wren)).await, "applied");
    assert!(!stands_anywhere(&site, "Said by Wren").await);
    let over = its_match(&mut it.kit).await.unwrap().1;
    assert_eq!((over.state, over.name), (MatchState::Ended, None));
    is_sound(&site).await;
    let kit = it.kit.id();
    assert_eq!(it.kit.does(&Command::Leave(kit)).await, "applied");
    assert!(!stands_anywhere(&site, "Said by Kit").await);
    assert!(!stands_anywhere(&site, NOT_WITH).await);
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_over_is_let_go_of_in_time_and_what_goes_on_is_not() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    does(&mut it.kit, a_message(it.id, "Said").1).await;
    let old = async || {
        spoils(
            &site,
            "update peer_asks set ended_at = 1 where ended_at is not null",
        )
        .await;
        retention::expire(&site.app).await.unwrap();
        let mut reader = site.app.db.reader().await.unwrap();
        asks::find(&mut reader, it.ask.ask).await.unwrap().is_some()
    };
    assert!(old().await, "it goes on");
    does(&mut it.kit, Does::End(it.id)).await;
    assert!(!old().await);
    assert!(!stands_anywhere(&site, "Said").await);
    for phone in [&mut it.kit, &mut it.wren] {
        assert!(its_match(phone).await.is_none());
    }
    is_sound(&site).await;
}

#[tokio::test]
async fn words_that_were_to_go_and_are_here_are_found() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let mut it = matched(&site, by, an_ask()).await;
    does(&mut it.kit, Does::Withdraw(it.ask.ask)).await;
    is_sound(&site).await;
    spoils(&site, "update peer_asks set not_with = 'Odo'").await;
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert!(
        faults.iter().any(|fault| fault.contains("taken back")),
        "{faults:?}"
    );
}

#[tokio::test]
async fn the_desk_gives_words_back_and_says_why_nothing_was_done() {
    let site = Site::new().await;
    let by = hire(&site, "priya", Role::Staff, &[]).await;
    let mut desk = signed_in(&site, "priya").await;
    let wren = a_peer(&site, "<b>Wren</b>", by).await;
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    let path = format!("/staff/peers/asks/{}", ask.ask);
    let list = desk.read("/staff/peers").await;
    assert!(list.contains("&lt;b&gt;Wren") && !list.contains("<b>Wren"));
    let empty = desk.post(&path, "step=end&words=+").await;
    assert_eq!(empty.status, 422);
    let long = "a".repeat(4_001);
    let answer = desk
        .post(&path, &format!("step=nobody_yet&words={long}"))
        .await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains(&long));
    let unread = format!("step=ask_peer&peer={}", wren.id());
    let answer = desk.post(&path, &unread).await;
    assert_eq!(answer.status, 409);
    assert!(page(&answer).contains("Read who it should not be with first"));
    let asked = desk.post(&path, &format!("{unread}&looked=yes")).await;
    assert_eq!(asked.status, 303);
    let twice = desk.post(&path, &format!("{unread}&looked=yes")).await;
    assert_eq!(twice.status, 409);
    let supporter = format!("/staff/peers/supporters/{}", wren.id());
    let answer = desk
        .post(&supporter, "step=train&what=Course&day=soon")
        .await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains("value=\"Course\""));
    let steps = escape("Be kind\n\nStop any time");
    let wrote = desk
        .post("/staff/peers/agreement", &format!("words={steps}"))
        .await;
    assert_eq!(wrote.status, 303);
    assert!(
        desk.read("/staff/peers/agreement")
            .await
            .contains("Version 2")
    );
    let empty = desk.post("/staff/peers/agreement", "words=").await;
    assert_eq!(empty.status, 422);
    is_sound(&site).await;
}

#[tokio::test]
async fn staff_end_and_read_nothing_that_is_not_there() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    for action in [
        PeerAction::Open(PeerAskId(Uuid::now_v7())),
        PeerAction::OnMatch(PeerMatchId(Uuid::now_v7()), OnMatch::End),
        PeerAction::OnSupporter(MemberId(Uuid::now_v7()), OnSupporter::Make),
        PeerAction::OnSupporter(MemberId(Uuid::now_v7()), OnSupporter::End),
    ] {
        let done = site.app.writer.peers(by, action).await;
        assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    }
    let lead = hire(&site, "vi", Role::Lead, &[]).await;
    let done = site
        .app
        .writer
        .peers(lead, PeerAction::Agreement("Mine".into()))
        .await;
    assert!(matches!(done, Err(Error::Forbidden)));
}

/// A group of this area that somebody's account leads.
async fn leads_a_group(site: &Site, lead: StaffId, by: StaffId, area: Area) {
    let id = GroupId(Uuid::now_v7());
    let group = Group {
        area,
        title: "People who have been there".into(),
        does: "We talk".into(),
        who_for: None,
        meets: None,
        led_by: None,
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: 1,
            text: "We listen".into(),
        },
        state: GroupState::Open,
    };
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            groups::add(&mut *tx, id, &group, by, 0).await?;
            groups::leads::add_account(&mut *tx, id, lead, (by, 0)).await?;
            groups::publish(tx, id).await
        })
    });
    write.await.unwrap();
}

#[tokio::test]
async fn whoever_leads_a_group_for_peer_support_finds_peers_for_people_and_does_no_more() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let lee = hire(&site, "lee", Role::Lead, &[]).await;
    let other = hire(&site, "vi", Role::Lead, &[]).await;
    leads_a_group(&site, other, by, Area::Wording).await;
    let mut wren = a_peer(&site, "Wren", by).await;
    let mut kit = site.named("Kit").await;
    let ask = an_ask();
    asks(&mut kit, &ask).await;
    let path = format!("/staff/peers/asks/{}", ask.ask);
    let mut desk = signed_in(&site, "lee").await;
    let mut others = signed_in(&site, "vi").await;
    for one in [&mut desk, &mut others] {
        assert_eq!(one.open("/staff/peers").await.status, 403);
        assert_eq!(one.open(&path).await.status, 403);
    }
    let action = PeerAction::OnAsk(ask.ask, ask_peer(&wren));
    let refused = site.app.writer.peers(other, action.clone()).await;
    assert!(matches!(refused, Err(Error::Forbidden)));

    leads_a_group(&site, lee, by, Area::PeerSupport).await;
    let list = desk.read("/staff/peers").await;
    assert!(
        list.contains("Kit") && list.contains("Wren") && !list.contains("/staff/peers/supporters")
    );
    assert!(
        list.contains("href=\"/staff/peers\""),
        "it is among their ways"
    );
    assert!(desk.read(&path).await.contains(NOT_WITH));
    let form = format!("step=ask_peer&peer={}&looked=yes", wren.id());
    let answer = desk.post(&path, &form).await;
    assert_eq!(answer.status, 303, "{}", page(&answer));
    let (id, asked) = its_match(&mut wren).await.unwrap();
    assert_eq!(asked.state, MatchState::Asked);
    assert_eq!(does(&mut wren, Does::Yes(id)).await, "applied");
    assert_eq!(does(&mut kit, Does::Yes(id)).await, "applied");

    // What makes somebody a peer supporter, what the two write, and ending it are the staff's.
    for path in [
        format!("/staff/peers/supporters/{}", wren.id()),
        format!("/staff/peers/matches/{id}"),
        "/staff/peers/agreement".to_owned(),
    ] {
        assert_eq!(desk.open(&path).await.status, 403, "{path}");
    }
    for action in [
        PeerAction::OnMatch(id, OnMatch::End),
        PeerAction::OnSupporter(wren.id(), OnSupporter::Make),
        PeerAction::Agreement("Anything".into()),
    ] {
        let refused = site.app.writer.peers(lee, action).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
    is_sound(&site).await;
}
