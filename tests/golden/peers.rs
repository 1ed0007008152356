//! The shapes of peer support.

use super::{Shape, command, shape, uuid};
use app::{
    copy::schema::{CopiedPeerAsk, CopiedPeerMessage, Copy, HowFar},
    domain::{
        command::Command,
        contact::{Contact, ContactBy},
        id::{MemberId, OpportunityId, PeerAskId, PeerMatchId},
        opportunity::Agreement,
        peer::{
            Ask, AskState, Does, MatchState, PeerAsk, PeerMatch, PeerMessage, PeerSupporter,
            PeerWorry, Ring,
        },
    },
};

const AT: &str = "2026-11-23T14:02:00.000Z";

fn of_ask() -> PeerAskId {
    PeerAskId(uuid(80))
}

fn of_match() -> PeerMatchId {
    PeerMatchId(uuid(81))
}

fn contact() -> Contact {
    Contact {
        by: ContactBy::Text,
        value: "07700 900123".into(),
        safe_to_leave_message: true,
    }
}

fn commands() -> Vec<Shape> {
    let (message, peer_match, words) = (uuid(82), of_match(), "Hello".to_owned());
    let member = MemberId(uuid(6));
    let ask = Ask {
        ask: of_ask(),
        about: Some("Nights".into()),
        show_about: true,
        suits: Some("Evenings".into()),
        not_with: Some("My cousin".into()),
        contact: Some(contact()),
        show_contact: false,
    };
    let worry = Does::Worry {
        worry: uuid(83),
        peer_match: Some(peer_match),
        words: words.clone(),
    };
    let all = [
        ("command.peer.ask", Does::Ask(Box::new(ask))),
        ("command.peer.withdraw", Does::Withdraw(of_ask())),
        ("command.peer.keep_looking", Does::KeepLooking(of_ask())),
        ("command.peer.yes", Does::Yes(peer_match)),
        ("command.peer.not_this_time", Does::NotThisTime(peer_match)),
        ("command.peer.end", Does::End(peer_match)),
        ("command.peer.look", Does::Look(peer_match)),
        (
            "command.peer.write",
            Does::Write {
                message,
                peer_match,
                words,
            },
        ),
        (
            "command.peer.take_back",
            Does::TakeBack {
                message,
                peer_match,
            },
        ),
        ("command.peer.worry", worry),
        (
            "command.supporting.agree",
            Does::Agree { member, agreed: 2 },
        ),
        (
            "command.supporting.about",
            Does::About {
                member,
                about: Some("I like walking".into()),
            },
        ),
        (
            "command.supporting.pause",
            Does::Pause {
                member,
                paused: true,
            },
        ),
    ];
    let named = |(name, it): (&'static str, Does)| command(name, &Command::from(it));
    all.into_iter().map(named).collect()
}

fn asked() -> PeerAsk {
    PeerAsk {
        about: Some("Nights".into()),
        show_about: true,
        suits: Some("Evenings".into()),
        not_with: None,
        said_not_with: true,
        contact: Some(contact()),
        show_contact: false,
        state: AskState::Suggested,
        seen_by: Some("Priya".into()),
        message: Some("You might like it".into()),
        opportunity: Some(OpportunityId(uuid(4))),
        received_at: Some(AT.into()),
        marked: None,
    }
}

fn matched(supports: bool) -> PeerMatch {
    let only = |it: &str, there: bool| there.then(|| it.to_owned());
    PeerMatch {
        supports,
        name: Some("Wren".into()),
        says: only("I like walking", !supports),
        about: only("Nights", supports),
        suits: only("Evenings", supports),
        contact: supports.then(contact),
        supervisor: Some("Priya".into()),
        looks: false,
        state: MatchState::Matched,
        at: AT.into(),
        marked: None,
    }
}

fn message() -> PeerMessage {
    PeerMessage {
        peer_match: of_match(),
        theirs: false,
        words: Some("Hello".into()),
        at: Some(AT.into()),
        state: Some(PeerMessage::SHOWN.into()),
    }
}

fn supporter() -> PeerSupporter {
    PeerSupporter {
        agreement: Some(Agreement {
            version: 2,
            text: "I listen.".into(),
        }),
        agreed: Some(1),
        about: Some("I like walking".into()),
        trained: true,
        supervisor: Some("Priya".into()),
        paused: false,
        steps: vec!["Ring 999 first.".into()],
        ring: vec![Ring {
            name: "Amina".into(),
            phone: Some("01632 960 200".into()),
        }],
        readers: Some("Amina, Sam".into()),
    }
}

/// A copy with what its person asked for, and wrote.
pub fn in_copy(copy: Copy) -> Copy {
    Copy {
        peer_asks: vec![CopiedPeerAsk {
            id: uuid(80),
            how_far: HowFar::Sent,
            ask: asked(),
        }],
        peer_messages: vec![CopiedPeerMessage {
            id: uuid(82),
            how_far: HowFar::NotYet,
            message: message(),
        }],
        ..copy
    }
}

/// All of it.
pub fn shapes() -> Vec<Shape> {
    let mut shapes = commands();
    let worry = PeerWorry {
        at: Some(AT.into()),
        words: None,
    };
    shapes.extend([
        shape("record.peer_ask", &asked()),
        shape("record.peer_match.asker", &matched(false)),
        shape("record.peer_match.peer", &matched(true)),
        shape("record.peer_message", &message()),
        shape("record.peer_supporter", &supporter()),
        shape("record.peer_worry", &worry),
    ]);
    shapes
}
