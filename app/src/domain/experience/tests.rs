use super::{
    story::{self, Followed, Not as StoryNot, StoryState},
    *,
};
use crate::domain::care::By;

const ME: MemberId = MemberId(Uuid::from_u128(1));
const OTHER: MemberId = MemberId(Uuid::from_u128(2));
const TEAM: TeamId = TeamId(Uuid::from_u128(3));
const PERSON: IndependentId = IndependentId(Uuid::from_u128(4));
const ID: ExperienceId = ExperienceId(Uuid::from_u128(5));

fn said() -> Send {
    Send {
        experience: ID,
        stage: Some(Stage::CrisisCare),
        good: Some("Someone sat with me\n<b>\u{202e}🐦".into()),
        different: None,
        when_about: Some("Last winter".into()),
        may_use: MayUse::PublicNamed,
        name: Some("Kit".into()),
        may_reply: true,
        reader: Reader::Team(TEAM),
        consent: CONSENT_VERSION,
    }
}

fn read(it: Says) -> Option<Says> {
    let command = Command::from(it);
    match Command::parse(command.kind(), command.body()) {
        Ok(Command::Plain(it)) => Says::of(&it),
        _ => None,
    }
}

fn known(member: MemberId, state: CareState, may_use: MayUse) -> Option<Known> {
    Some(Known {
        member,
        state,
        may_use: Some(may_use),
    })
}

#[test]
fn what_is_said_reads_back_as_it_was_written() {
    let to_person = Send {
        reader: Reader::Independent(PERSON),
        stage: None,
        name: None,
        ..said()
    };
    for it in [
        Says::Send(Box::new(said())),
        Says::Send(Box::new(to_person)),
        Says::Use(Use {
            experience: ID,
            was: MayUse::PublicNamed,
            may_use: MayUse::OnlyImprove,
            name: None,
        }),
        Says::Withdraw(ID),
        Says::Answer(ID, Uuid::from_u128(9), "Thank you".into()),
        Says::TakeBack(ID, Uuid::from_u128(9)),
        Says::Approve(StoryId(Uuid::from_u128(8)), 2, Some("Kit".into())),
        Says::TakeDown(StoryId(Uuid::from_u128(8))),
    ] {
        assert_eq!(read(it.clone()), Some(it));
    }
}

#[test]
fn nothing_but_one_thing_that_was_good_or_could_have_been_different_is_needed() {
    let with = |change: fn(&mut Send)| {
        let mut it = said();
        change(&mut it);
        read(Says::Send(Box::new(it)))
    };
    assert!(
        with(|it| {
            (it.stage, it.good, it.when_about, it.name) = (None, None, None, None);
            it.different = Some("A quieter room".into());
            it.may_reply = false;
        })
        .is_some()
    );
    for wrong in [
        (|it| it.good = None) as fn(&mut Send),
        |it| it.good = Some(" \n".into()),
        |it| it.good = Some("a".repeat(text::LONG + 1)),
        |it| it.when_about = Some("a".repeat(text::SHORT + 1)),
        |it| it.name = Some("\u{1}".into()),
    ] {
        assert_eq!(with(wrong), None);
    }
    let empty = Says::Answer(ID, Uuid::from_u128(9), " ".into());
    assert_eq!(read(empty), None);
}

#[test]
fn one_reader_has_it_and_no_more_than_one() {
    let mut body = sent(&said());
    put_id(&mut body, "independent", PERSON.0);
    let act = plain::act(act::SEND).unwrap();
    let read = |body: &Value| Says::of(&Plain::new(act, body).unwrap());
    assert_eq!(read(&body), None, "both");
    body["team"] = Value::Null;
    assert!(read(&body).is_some());
    body["independent"] = Value::Null;
    assert_eq!(read(&body), None, "neither");
}

#[test]
fn it_goes_to_ones_own_team_or_to_whoever_still_reads_with_a_yes() {
    let here = |known, team, is_reader| Standing {
        known,
        team,
        is_reader,
    };
    let to_person = Send {
        reader: Reader::Independent(PERSON),
        ..said()
    };
    assert_eq!(send(ME, &said(), here(None, Some(TEAM), false)), Ok(true));
    assert_eq!(
        send(ME, &said(), here(None, None, true)),
        Err(Refusal::NotYourTeam)
    );
    assert_eq!(send(ME, &to_person, here(None, None, true)), Ok(true));
    assert_eq!(
        send(ME, &to_person, here(None, Some(TEAM), false)),
        Err(Refusal::NoSuchReader)
    );
    let unasked = Send {
        consent: CONSENT_VERSION + 1,
        ..said()
    };
    assert_eq!(
        send(ME, &unasked, here(None, Some(TEAM), false)),
        Err(Refusal::ConsentNeeded)
    );
    for state in [CareState::Sent, CareState::Closed, CareState::Withdrawn] {
        let mine = known(ME, state, MayUse::OnlyImprove);
        let others = known(OTHER, state, MayUse::OnlyImprove);
        assert_eq!(send(ME, &said(), here(mine, Some(TEAM), false)), Ok(false));
        assert_eq!(
            send(ME, &said(), here(others, Some(TEAM), false)),
            Err(Refusal::NotYours)
        );
        assert_eq!(withdraw(ME, others), Err(Refusal::NotYours));
        assert_eq!(may_answer(ME, others), Err(Refusal::NotYours));
        assert_eq!(may_answer(ME, mine), Ok(state != CareState::Withdrawn));
    }
    assert_eq!(withdraw(ME, None), Ok(TakenBack::Mark));
    let gone = known(ME, CareState::Withdrawn, MayUse::OnlyImprove);
    assert_eq!(withdraw(ME, gone), Ok(TakenBack::Already));
    let stands = known(ME, CareState::Replied, MayUse::OnlyImprove);
    assert_eq!(withdraw(ME, stands), Ok(TakenBack::Removed));
    assert_eq!(may_answer(ME, None), Err(Refusal::NoSuchWords));
}

#[test]
fn less_is_always_taken_and_more_only_from_who_saw_what_stands() {
    for stands in MayUse::ALL {
        for was in MayUse::ALL {
            for may_use in MayUse::ALL {
                let it = Use {
                    experience: ID,
                    was,
                    may_use,
                    name: None,
                };
                let known = known(ME, CareState::Sent, stands);
                let taken = change_use(ME, &it, known);
                let is_less = stands.allows(may_use);
                if is_less || was == stands {
                    assert_eq!(taken, Ok(true));
                } else {
                    assert_eq!(taken, Err(Refusal::Changed));
                }
                assert_eq!(change_use(OTHER, &it, known), Err(Refusal::NotYours));
            }
        }
    }
}

#[test]
fn each_use_allows_all_that_those_before_it_allow() {
    for (place, one) in MayUse::ALL.iter().enumerate() {
        for (other, before) in MayUse::ALL.iter().enumerate() {
            assert_eq!(one.allows(*before), place >= other);
        }
    }
    let public: Vec<_> = MayUse::ALL.iter().filter(|it| it.is_public()).collect();
    assert_eq!(public, [&MayUse::PublicUnnamed, &MayUse::PublicNamed]);
}

#[test]
fn one_that_was_taken_back_says_who_read_it_and_where_it_was_used_and_no_more() {
    let mut it = Experience::new(&said(), None, "then".into());
    assert_eq!(it.name.as_deref(), Some("Kit"));
    assert!(it.see("Priya", "at two") && !it.see("Tom", "at three"));
    let (mut owner, mut copied) = (None, (None, None));
    let priya = By {
        id: StaffId(Uuid::from_u128(7)),
        name: "Priya",
        at: "at four",
    };
    let care = it.care(&mut owner, &mut copied);
    assert_eq!(care.close(priya, 0), Err(Not::Unanswered), "they asked");
    let words = Some("We have a quiet room now".into());
    let care = it.care(&mut owner, &mut copied);
    assert_eq!(care.reply(priya, Uuid::from_u128(9), words), Ok(()));
    let link = Link {
        state: LinkState::Made,
        words: "A quiet room".into(),
        change: None,
        at: "at five".into(),
    };
    assert_eq!(it.come_to(link.clone()), Ok(()));
    it.used.push(Used {
        kind: UsedIn::Handout,
        at: "at six".into(),
    });
    it.withdraw();
    let left = Experience {
        team: Some(TEAM),
        received_at: Some("then".into()),
        seen_by: Some("Priya".into()),
        seen_at: Some("at two".into()),
        used: it.used.clone(),
        ..Experience::mark()
    };
    assert_eq!(it, left);
    assert_eq!(it.come_to(link), Err(Not::Withdrawn));
    assert!(!it.see("Tom", "at seven") && !it.may_be_written_to());
}

#[test]
fn no_name_is_kept_where_none_is_to_be_shown() {
    let unnamed = Send {
        may_use: MayUse::PublicUnnamed,
        ..said()
    };
    assert_eq!(Experience::new(&unnamed, None, String::new()).name, None);
}

#[test]
fn a_story_is_out_only_once_both_have_said_yes_to_the_same_words() {
    let public = Some(MayUse::PublicUnnamed);
    for may_use in [
        None,
        Some(MayUse::OnlyImprove),
        Some(MayUse::TrainingUnnamed),
    ] {
        assert_eq!(
            story::Standing::propose(ME, may_use),
            Err(StoryNot::NotAllowed)
        );
    }
    let mut it = story::Standing::propose(ME, public).unwrap();
    assert_eq!(it.publish(1, public), Err(StoryNot::Unapproved));
    assert_eq!(it.check(2), Err(StoryNot::OtherText));
    assert_eq!(it.check(1), Ok(()));
    assert_eq!(it.check(1), Err(StoryNot::Already));
    assert_eq!(it.publish(1, public), Err(StoryNot::Unapproved));
    assert_eq!(
        story::approve(OTHER, 1, Some(&mut it)),
        Err(Refusal::NotYours)
    );
    assert_eq!(story::approve(ME, 2, Some(&mut it)), Err(Refusal::Changed));
    assert_eq!(story::approve(ME, 1, Some(&mut it)), Ok(true));
    assert_eq!(it.state, StoryState::Approved);
    assert_eq!(
        it.publish(1, Some(MayUse::TrainingUnnamed)),
        Err(StoryNot::NotAllowed)
    );
    assert_eq!(it.publish(1, public), Ok(()));
    assert_eq!(it.publish(1, public), Err(StoryNot::Already));

    // Other words: both are asked again, and nobody reads it meanwhile.
    assert_eq!(it.rewrite(public), Ok(()));
    assert_eq!((it.state, it.version), (StoryState::Proposed, 2));
    assert_eq!(story::approve(ME, 1, Some(&mut it)), Err(Refusal::Changed));
    assert_eq!(story::approve(ME, 2, Some(&mut it)), Ok(true));
    assert_eq!(it.publish(2, public), Err(StoryNot::Unchecked));
    assert_eq!(it.check(2), Ok(()));
    assert_eq!(it.publish(1, public), Err(StoryNot::OtherText));
    assert_eq!(it.publish(2, public), Ok(()));

    assert_eq!(
        story::take_down(OTHER, Some(&mut it)),
        Err(Refusal::NotYours)
    );
    assert_eq!(story::take_down(ME, None), Err(Refusal::NoSuchWords));
    assert_eq!(story::take_down(ME, Some(&mut it)), Ok(true));
    assert_eq!(story::take_down(ME, Some(&mut it)), Ok(false));
    assert_eq!(story::approve(ME, 2, Some(&mut it)), Ok(false));
    assert_eq!(it.state, StoryState::TakenDown);
    for never in [it.rewrite(public), it.check(2), it.publish(2, public)] {
        assert_eq!(never, Err(StoryNot::TakenDown));
    }
}

#[test]
fn a_story_follows_how_its_words_may_be_used() {
    let up = || {
        let mut it = story::Standing::propose(ME, Some(MayUse::PublicNamed)).unwrap();
        it.check(1).unwrap();
        story::approve(ME, 1, Some(&mut it)).unwrap();
        it.publish(1, Some(MayUse::PublicNamed)).unwrap();
        it
    };
    for private in [MayUse::OnlyImprove, MayUse::TrainingUnnamed] {
        let mut it = up();
        let followed = it.follow(Some(MayUse::PublicNamed), private);
        assert_eq!(followed, Followed::TakenDown);
        assert_eq!(it.state, StoryState::TakenDown);
        let again = it.follow(Some(private), MayUse::PublicNamed);
        assert_eq!(again, Followed::Stays, "it does not come back by itself");
    }
    let mut it = up();
    let followed = it.follow(Some(MayUse::PublicNamed), MayUse::PublicUnnamed);
    assert_eq!(followed, Followed::BeginsAgain);
    assert_eq!(
        (it.state, it.checked, it.approved),
        (StoryState::Proposed, None, None)
    );
    let mut it = up();
    let followed = it.follow(Some(MayUse::PublicUnnamed), MayUse::PublicNamed);
    assert_eq!(
        (followed, it.state),
        (Followed::Stays, StoryState::Published)
    );
}
