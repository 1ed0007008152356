//! The rules, state by state.

use super::*;
use crate::domain::group::{Belongs, GroupState, KnownPerson};

const ME: MemberId = MemberId(Uuid::from_u128(1));
const OTHER: MemberId = MemberId(Uuid::from_u128(2));
const GROUP: GroupId = GroupId(Uuid::from_u128(3));

fn id() -> SuggestionId {
    SuggestionId(Uuid::from_u128(4))
}

fn says() -> Says {
    Says::Send(Box::new(Send {
        suggestion: id(),
        document: DocumentId(Uuid::from_u128(5)),
        phrase: PhraseId(Uuid::from_u128(6)),
        version: 1,
        was: "Your future".to_owned(),
        feels: Some("It scares me".to_owned()),
        instead: None,
        why: None,
        shown_as: ShownAs::None,
    }))
}

fn document(state: DocumentState, only_group: bool) -> Option<KnownDocument> {
    Some(KnownDocument {
        state,
        group: Some(GROUP),
        only_group,
    })
}

fn known(member: MemberId, state: SuggestionState, is_given: bool) -> Option<Known> {
    Some(Known {
        member,
        state,
        group: Some(GROUP),
        is_given,
    })
}

fn inside(agreement: u32, paused: bool) -> Option<Stands> {
    Some(Stands {
        state: GroupState::Open,
        agreement: 1,
        me: Some(KnownPerson {
            id: PersonId(Uuid::from_u128(7)),
            belongs: Belongs::In,
            agreement,
            leads: false,
            paused,
        }),
    })
}

#[test]
fn anybody_says_something_about_public_words_and_only_its_people_about_a_groups() {
    let mut here = Standing {
        document: document(DocumentState::Open, false),
        has_phrase: true,
        ..Standing::default()
    };
    assert_eq!(decide(ME, &says(), &here), Ok(Change::Adds));
    here.document = document(DocumentState::Open, true);
    assert_eq!(decide(ME, &says(), &here), Err(Refusal::NotInGroup));
    here.group = inside(1, false);
    assert_eq!(decide(ME, &says(), &here), Ok(Change::Adds));
    here.document = document(DocumentState::Closed, false);
    assert_eq!(decide(ME, &says(), &here), Err(Refusal::NoSuchWords));
    here.document = document(DocumentState::Open, false);
    here.has_phrase = false;
    assert_eq!(decide(ME, &says(), &here), Err(Refusal::NoSuchWords));
    here.suggestion = known(ME, SuggestionState::Looking, false);
    assert_eq!(decide(ME, &says(), &here), Ok(Change::Nothing));
    assert_eq!(decide(OTHER, &says(), &here), Err(Refusal::NotYours));
}

#[test]
fn taking_back_wins_whatever_came_first() {
    let mut here = Standing::default();
    let back = Says::Withdraw(id());
    assert_eq!(decide(ME, &back, &here), Ok(Change::Mark));
    for state in [
        SuggestionState::Received,
        SuggestionState::Looking,
        SuggestionState::WithGroup,
        SuggestionState::Decided,
    ] {
        here.suggestion = known(ME, state, true);
        assert_eq!(decide(ME, &back, &here), Ok(Change::Withdraws));
        assert_eq!(decide(OTHER, &back, &here), Err(Refusal::NotYours));
    }
    here.suggestion = known(ME, SuggestionState::Withdrawn, true);
    assert_eq!(decide(ME, &back, &here), Ok(Change::Nothing));
    assert_eq!(decide(ME, &says(), &here), Ok(Change::Nothing));
}

#[test]
fn who_may_write_in_the_group_says_this_speaks_for_me_too_and_comments() {
    let support = Says::Support(id());
    let comment = Says::Comment(id(), Uuid::from_u128(8), "Yes".to_owned());
    let mut here = Standing {
        suggestion: known(OTHER, SuggestionState::WithGroup, true),
        ..Standing::default()
    };
    for (group, why) in [
        (None, Refusal::NotInGroup),
        (inside(0, false), Refusal::AgreementNeeded),
        (inside(1, true), Refusal::WritingPaused),
    ] {
        here.group = group;
        assert_eq!(decide(ME, &support, &here), Err(why));
        assert_eq!(decide(ME, &comment, &here), Err(why));
    }
    here.group = inside(1, false);
    assert_eq!(decide(ME, &support, &here), Ok(Change::Supports));
    assert_eq!(decide(ME, &comment, &here), Ok(Change::Comments));
    assert_eq!(decide(OTHER, &support, &here), Ok(Change::Nothing));
    // What the group does not have before it: nothing is lost, and words come back.
    for gone in [
        known(OTHER, SuggestionState::Received, false),
        known(OTHER, SuggestionState::Withdrawn, true),
        None,
    ] {
        here.suggestion = gone;
        assert_eq!(decide(ME, &support, &here), Ok(Change::Nothing));
        assert_eq!(decide(ME, &comment, &here), Err(Refusal::NoSuchWords));
    }
}

#[test]
fn a_comment_is_taken_back_by_whoever_wrote_it() {
    let back = Says::TakeBackComment(id(), Uuid::from_u128(8));
    let mut here = Standing::default();
    assert_eq!(decide(ME, &back, &here), Ok(Change::MarkComment));
    here.comment = Some(KnownComment {
        member: ME,
        state: CommentState::Hidden,
    });
    assert_eq!(decide(ME, &back, &here), Ok(Change::TakesBack));
    assert_eq!(decide(OTHER, &back, &here), Err(Refusal::NotYours));
}

#[test]
fn nothing_ends_but_by_a_decision_and_nothing_happens_to_what_was_taken_back() {
    use SuggestionState as S;
    for step in [
        Step::TakeOn,
        Step::Give,
        Step::Propose,
        Step::Merge,
        Step::Decide,
    ] {
        assert_eq!(after(S::Withdrawn, step), None);
        for state in S::BOARD {
            let ends = after(state, step) == Some(S::Decided);
            assert!(!ends || matches!(step, Step::Merge | Step::Decide));
        }
    }
    assert_eq!(after(S::Decided, Step::Merge), None);
    assert_eq!(after(S::Decided, Step::Decide), Some(S::Decided));
    assert_eq!(after(S::WithGroup, Step::TakeOn), None);
}

#[test]
fn no_more_is_told_of_who_says_it_than_they_chose() {
    let who = |shown: ShownAs, name| shown.who(name);
    assert_eq!(
        who(ShownAs::Name, Some(" Sam Lee ")).as_deref(),
        Some("Sam Lee")
    );
    assert_eq!(
        who(ShownAs::Initials, Some("sam van lee")).as_deref(),
        Some("s.v.l.")
    );
    assert_eq!(who(ShownAs::Initials, Some("😀")), None);
    assert_eq!(who(ShownAs::None, Some("Sam")), None);
    assert_eq!(who(ShownAs::Name, None), None);
}

#[test]
fn how_it_feels_or_other_words_are_needed_and_why_alone_is_not_enough() {
    let Says::Send(said) = says() else {
        unreachable!("it sends");
    };
    assert!(said.is_well_formed());
    let with = |feels: Option<&str>, instead: Option<&str>, why: Option<&str>| Send {
        feels: feels.map(str::to_owned),
        instead: instead.map(str::to_owned),
        why: why.map(str::to_owned),
        ..(*said).clone()
    };
    assert!(with(None, Some("What helps me"), None).is_well_formed());
    assert!(!with(Some(" "), None, Some("Because")).is_well_formed());
    assert!(!with(Some("\u{7}"), None, None).is_well_formed());
    assert!(!with(Some(&"x".repeat(text::LONG + 1)), None, None).is_well_formed());
}

#[test]
fn what_is_said_is_read_again_as_it_was_said() {
    let (other, comment) = (id(), Uuid::from_u128(8));
    for it in [
        says(),
        Says::Withdraw(other),
        Says::Support(other),
        Says::Unsupport(other),
        Says::Comment(other, comment, "Yes".to_owned()),
        Says::TakeBackComment(other, comment),
    ] {
        let command = Command::from(it.clone());
        let parsed = Command::parse(command.kind(), command.body()).unwrap();
        let Command::Plain(plain) = &parsed else {
            unreachable!("it is plain");
        };
        assert_eq!(Says::of(plain), Some(it));
        assert_eq!(parsed, command);
    }
    let empty = Command::from(Says::Comment(other, comment, " ".to_owned()));
    let Command::Plain(empty) = empty else {
        unreachable!("it is plain");
    };
    assert_eq!(Says::of(&empty), None);
}
