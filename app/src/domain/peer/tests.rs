use super::*;
use crate::domain::{
    command::Command,
    contact::ContactBy,
    plain::{self, Plain},
};
use uuid::Uuid;

const ME: MemberId = MemberId(Uuid::from_u128(1));
const PEER: MemberId = MemberId(Uuid::from_u128(2));
const OTHER: MemberId = MemberId(Uuid::from_u128(3));
const ASK: PeerAskId = PeerAskId(Uuid::from_u128(4));
const MATCH: PeerMatchId = PeerMatchId(Uuid::from_u128(5));
const ALL: [MatchState; 5] = [
    MatchState::Asked,
    MatchState::Offered,
    MatchState::Matched,
    MatchState::NotThisTime,
    MatchState::Ended,
];

fn an_ask() -> Ask {
    Ask {
        ask: ASK,
        about: Some("Nights\n<b>\u{202e}🐦".into()),
        show_about: true,
        suits: Some("Evenings".into()),
        not_with: Some("My cousin".into()),
        contact: Some(Contact {
            by: ContactBy::Text,
            value: "07700 900123".into(),
            safe_to_leave_message: true,
        }),
        show_contact: false,
    }
}

fn all_acts() -> Vec<Does> {
    let (message, words) = (Uuid::from_u128(6), "Hello".to_owned());
    vec![
        Does::Ask(Box::new(an_ask())),
        Does::Withdraw(ASK),
        Does::KeepLooking(ASK),
        Does::Yes(MATCH),
        Does::NotThisTime(MATCH),
        Does::End(MATCH),
        Does::Look(MATCH),
        Does::Write {
            message,
            peer_match: MATCH,
            words: words.clone(),
        },
        Does::TakeBack {
            message,
            peer_match: MATCH,
        },
        Does::Worry {
            worry: message,
            peer_match: None,
            words,
        },
        Does::Agree {
            member: PEER,
            agreed: 2,
        },
        Does::About {
            member: PEER,
            about: None,
        },
        Does::Pause {
            member: PEER,
            paused: true,
        },
    ]
}

fn plain(it: Does) -> Plain {
    match Command::from(it) {
        Command::Plain(it) => it,
        _ => unreachable!("it is of a newer kind"),
    }
}

#[test]
fn every_act_reads_back_as_it_was_written_and_has_its_line() {
    let all = all_acts();
    assert_eq!(all.len(), ACTS.len());
    for it in all {
        let said = plain(it.clone());
        assert_eq!(Does::of(&said), Some(it));
        assert_eq!(plain::act(said.act.word), Some(said.act));
    }
}

#[test]
fn an_ask_and_words_are_taken_back_by_their_own_acts() {
    let all = all_acts();
    assert_eq!(plain(all[0].clone()).undoing(), Some(plain(all[1].clone())));
    assert_eq!(plain(all[7].clone()).undoing(), Some(plain(all[8].clone())));
}

#[test]
fn what_is_empty_or_too_long_is_not_taken_and_an_ask_may_say_nothing() {
    let long = || Some("a".repeat(text::LONG + 1));
    let reads = |it: Does| Does::of(&plain(it)).is_some();
    let asks = |change: fn(&mut Ask)| {
        let mut it = an_ask();
        change(&mut it);
        reads(Does::Ask(Box::new(it)))
    };
    assert!(asks(|it| {
        (it.about, it.suits, it.not_with, it.contact) = (None, None, None, None);
    }));
    assert!(!asks(|it| it.about = Some("a".repeat(text::LONG + 1))));
    assert!(!asks(|it| it.not_with = Some("\u{1}".into())));
    assert!(!asks(|it| it.contact.as_mut().unwrap().value = " ".into()));
    for words in [" \n".to_owned(), long().unwrap()] {
        assert!(!reads(Does::Write {
            message: Uuid::nil(),
            peer_match: MATCH,
            words: words.clone(),
        }));
        assert!(!reads(Does::Worry {
            worry: Uuid::nil(),
            peer_match: None,
            words,
        }));
    }
    assert!(!reads(Does::About {
        member: PEER,
        about: long(),
    }));
}

#[test]
fn no_record_says_who_it_should_not_be_with() {
    let told = PeerAsk {
        about: None,
        show_about: false,
        suits: None,
        not_with: None,
        said_not_with: true,
        contact: None,
        show_contact: false,
        state: AskState::Sent,
        seen_by: None,
        message: None,
        opportunity: None,
        received_at: None,
        marked: None,
    };
    let text = serde_json::to_string(&told).unwrap();
    assert!(!text.contains("\"not_with\""), "{text}");
}

fn here(state: MatchState) -> Standing {
    Standing {
        ask: Some(KnownAsk {
            member: ME,
            state: state.of_ask(),
        }),
        peer_match: Some(KnownMatch {
            ask: ASK,
            member: ME,
            peer: PEER,
            state,
        }),
        ..Standing::default()
    }
}

#[test]
fn each_says_yes_in_turn_and_nobody_for_the_other() {
    let yes = |who, state| decide(who, &Does::Yes(MATCH), &here(state));
    assert_eq!(
        yes(PEER, MatchState::Asked),
        Ok(Change::Moves(MatchState::Offered))
    );
    assert_eq!(
        yes(ME, MatchState::Offered),
        Ok(Change::Moves(MatchState::Matched))
    );
    assert_eq!(yes(PEER, MatchState::Offered), Ok(Change::Nothing));
    assert_eq!(yes(ME, MatchState::Asked), Err(Refusal::NotYours));
    for state in ALL {
        assert_eq!(yes(OTHER, state), Err(Refusal::NotYours));
        for who in [ME, PEER] {
            let moves = decide(who, &Does::NotThisTime(MATCH), &here(state));
            if (who, state) == (ME, MatchState::Asked) {
                assert_eq!(moves, Err(Refusal::NotYours));
            } else {
                let to = without(state).map_or(Change::Nothing, Change::Moves);
                assert_eq!(moves, Ok(to));
            }
        }
    }
    for over in [MatchState::NotThisTime, MatchState::Ended] {
        assert_eq!(yes(ME, over), Err(Refusal::PeerOver));
    }
}

#[test]
fn only_two_who_are_matched_write_and_a_worry_is_taken_from_whoever_ever_supported() {
    let write = Does::Write {
        message: Uuid::from_u128(9),
        peer_match: MATCH,
        words: "Hello".into(),
    };
    for state in ALL {
        let wrote = decide(PEER, &write, &here(state));
        let expected = match state {
            MatchState::Matched => Ok(Change::Writes),
            _ => Err(Refusal::PeerOver),
        };
        assert_eq!(wrote, expected);
        assert!(decide(OTHER, &write, &here(state)).is_err());
    }
    let worry = Does::Worry {
        worry: Uuid::from_u128(9),
        peer_match: None,
        words: "Hm".into(),
    };
    assert_eq!(
        decide(PEER, &worry, &Standing::default()),
        Err(Refusal::NotYours)
    );
    let ended = Standing {
        supporter: Some(KnownSupporter {
            ended: true,
            agreement: 1,
            agreed: None,
        }),
        ..Standing::default()
    };
    assert_eq!(decide(PEER, &worry, &ended), Ok(Change::Worries));
    let pause = Does::Pause {
        member: PEER,
        paused: true,
    };
    assert_eq!(decide(PEER, &pause, &ended), Err(Refusal::NotYours));
}

#[test]
fn the_newest_agreement_alone_is_agreed_to_and_by_oneself() {
    let standing = Standing {
        supporter: Some(KnownSupporter {
            ended: false,
            agreement: 3,
            agreed: Some(1),
        }),
        ..Standing::default()
    };
    let agree = |who, agreed| {
        let it = Does::Agree {
            member: PEER,
            agreed,
        };
        decide(who, &it, &standing)
    };
    assert_eq!(agree(PEER, 3), Ok(Change::Agrees(3)));
    assert_eq!(agree(PEER, 2), Err(Refusal::AgreementNeeded));
    assert_eq!(agree(PEER, 1), Ok(Change::Nothing));
    assert_eq!(agree(OTHER, 3), Err(Refusal::NotYours));
}

const READY: Ready = Ready {
    agreed: true,
    trained: true,
    supervised: true,
    pin: true,
    paused: false,
};

#[test]
fn nobody_is_asked_without_all_that_it_takes() {
    let between = Between {
        member: ME,
        peer: PEER,
        apart: false,
        said_not_with: false,
        looked: false,
    };
    assert_eq!(may_ask(AskState::Sent, READY, between), Ok(()));
    for change in [
        (|it| it.agreed = false) as fn(&mut Ready),
        |it| it.trained = false,
        |it| it.supervised = false,
        |it| it.pin = false,
        |it| it.paused = true,
    ] {
        let mut ready = READY;
        change(&mut ready);
        assert_eq!(ready.missing().len(), 1);
        let asked = may_ask(AskState::Sent, ready, between);
        assert_eq!(asked, Err(NotAsked::NotReady));
    }
    let asks = |it| may_ask(AskState::NobodyYet, READY, it);
    let apart = Between {
        apart: true,
        looked: true,
        ..between
    };
    assert_eq!(asks(apart), Err(NotAsked::Apart));
    let unread = Between {
        said_not_with: true,
        ..between
    };
    assert_eq!(asks(unread), Err(NotAsked::Unread));
    let own = Between {
        peer: ME,
        ..between
    };
    assert_eq!(asks(own), Err(NotAsked::Own));
    for state in [
        AskState::AskedPeer,
        AskState::Offered,
        AskState::Matched,
        AskState::Ended,
        AskState::Withdrawn,
    ] {
        assert_eq!(may_ask(state, READY, between), Err(NotAsked::NotWaiting));
    }
}

/// Numbers that come by chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// An ask and one match after the other, as a server keeps them, with what each of the two said of the last.
struct Told {
    ask: AskState,
    peer_match: Option<KnownMatch>,
    apart: Vec<MemberId>,
    yes: [bool; 2],
}

impl Told {
    fn standing(&self) -> Standing {
        Standing {
            ask: Some(KnownAsk {
                member: ME,
                state: self.ask,
            }),
            peer_match: self.peer_match,
            ..Standing::default()
        }
    }

    fn does(&mut self, who: MemberId, it: &Does) {
        let Ok(change) = decide(who, it, &self.standing()) else {
            return;
        };
        match change {
            Change::Withdraws => {
                self.ask = AskState::Withdrawn;
                if let Some(known) = &mut self.peer_match {
                    known.state = without(known.state).unwrap_or(known.state);
                }
            }
            Change::LooksOn => self.ask = AskState::Sent,
            Change::Moves(to) => {
                let known = self.peer_match.as_mut().expect("a match that moves");
                if matches!(it, Does::Yes(_)) {
                    self.yes[usize::from(who == ME)] = true;
                }
                if to == MatchState::NotThisTime {
                    self.apart.push(known.peer);
                }
                known.state = to;
                self.ask = to.of_ask();
            }
            _ => {}
        }
    }

    /// Staff ask somebody.
    fn asks(&mut self, peer: MemberId, ready: Ready) {
        let between = Between {
            member: ME,
            peer,
            apart: self.apart.contains(&peer),
            said_not_with: true,
            looked: true,
        };
        if may_ask(self.ask, ready, between).is_err() {
            return;
        }
        assert!(!self.apart.contains(&peer), "they are kept apart");
        self.ask = AskState::AskedPeer;
        self.yes = [false; 2];
        self.peer_match = Some(KnownMatch {
            ask: ASK,
            member: ME,
            peer,
            state: MatchState::Asked,
        });
    }
}

#[test]
fn whatever_comes_in_whatever_order_two_yeses_make_a_match_and_taking_back_wins() {
    for seed in 1..3_000 {
        let mut chance = Chance(seed * 0x9e37_79b9);
        let mut told = Told {
            ask: AskState::Sent,
            peer_match: None,
            apart: vec![OTHER],
            yes: [false; 2],
        };
        let mut is_withdrawn = false;
        for _ in 0..30 {
            let peers = [PEER, OTHER, MemberId(Uuid::from_u128(8))];
            let anyone = [ME, PEER, OTHER, MemberId(Uuid::from_u128(8))];
            let who = anyone[usize::try_from(chance.below(4)).unwrap()];
            match chance.below(9) {
                0 | 1 => {
                    let paused = chance.below(4) == 0;
                    let ready = Ready { paused, ..READY };
                    told.asks(peers[usize::try_from(chance.below(3)).unwrap()], ready);
                }
                2 | 3 => told.does(who, &Does::Yes(MATCH)),
                4 => told.does(who, &Does::NotThisTime(MATCH)),
                5 => told.does(who, &Does::End(MATCH)),
                6 if told.ask.waits() => told.ask = AskState::Suggested,
                7 => told.does(ME, &Does::KeepLooking(ASK)),
                8 if chance.below(6) == 0 => {
                    told.does(who, &Does::Withdraw(ASK));
                    is_withdrawn |= who == ME;
                }
                _ => {}
            }
            let state = told.peer_match.map(|known| known.state);
            assert_ne!(told.peer_match.map(|known| known.peer), Some(OTHER));
            if matches!(state, Some(MatchState::Matched | MatchState::Ended)) {
                assert_eq!(told.yes, [true; 2], "seed {seed}: two yeses");
            }
            assert_eq!(told.ask == AskState::Withdrawn, is_withdrawn, "seed {seed}");
            if is_withdrawn {
                assert!(
                    state.and_then(without).is_none(),
                    "seed {seed}: all is over"
                );
            }
        }
    }
}
