use super::*;

const ME: MemberId = MemberId(Uuid::from_u128(1));
const OTHER: MemberId = MemberId(Uuid::from_u128(2));
const GROUP: GroupId = GroupId(Uuid::from_u128(3));
const HERE: PersonId = PersonId(Uuid::from_u128(4));
const MESSAGE: Uuid = Uuid::from_u128(5);

fn person() -> KnownPerson {
    KnownPerson {
        id: HERE,
        belongs: Belongs::In,
        agreement: 2,
        leads: false,
        paused: false,
    }
}

fn stands(state: GroupState, me: Option<KnownPerson>) -> Option<Stands> {
    Some(Stands {
        state,
        agreement: 2,
        me,
    })
}

fn written(member: MemberId, state: MessageState) -> Option<KnownMessage> {
    Some(KnownMessage {
        group: GROUP,
        member: Some(member),
        state,
    })
}

fn act(act: GroupAct) -> InGroup {
    InGroup {
        message: Some(MESSAGE),
        words: Some("Hello".into()),
        ..InGroup::new(act, GROUP)
    }
}

fn joins(version: u32) -> InGroup {
    InGroup {
        agreement: Some(version),
        ..InGroup::new(GroupAct::Join, GROUP)
    }
}

#[test]
fn joining_takes_an_open_group_and_the_agreement_as_it_is_now() {
    let join = |state, me, version| decide(ME, &joins(version), stands(state, me), None, false);
    let gone = KnownPerson {
        belongs: Belongs::Left,
        ..person()
    };
    let older = KnownPerson {
        agreement: 1,
        ..person()
    };
    use GroupState as S;
    assert_eq!(join(S::Open, None, 2), Ok(Change::Joins));
    assert_eq!(join(S::Open, Some(gone), 2), Ok(Change::Joins));
    assert_eq!(join(S::Open, Some(gone), 1), Err(Refusal::AgreementNeeded));
    assert_eq!(join(S::Open, None, 1), Err(Refusal::AgreementNeeded));
    assert_eq!(join(S::Open, None, 3), Err(Refusal::AgreementNeeded));
    assert_eq!(join(S::Open, Some(person()), 2), Ok(Change::Nothing));
    // An older version of who agreed to a newer one: two phones may be of different days.
    assert_eq!(join(S::Open, Some(person()), 1), Ok(Change::Nothing));
    assert_eq!(join(S::Open, Some(older), 2), Ok(Change::Agrees(2)));
    assert_eq!(join(S::Paused, Some(older), 2), Ok(Change::Agrees(2)));
    for closed in [S::Paused, S::Ended] {
        assert_eq!(join(closed, None, 2), Err(Refusal::GroupClosed));
    }
    assert_eq!(join(S::Draft, None, 2), Err(Refusal::NoSuchGroup));
    assert_eq!(
        decide(ME, &joins(2), None, None, false),
        Err(Refusal::NoSuchGroup)
    );
}

#[test]
fn only_who_belongs_writes_and_only_once() {
    let write = |state, me, known| {
        let stands = stands(state, me);
        decide(ME, &act(GroupAct::Write), stands, known, false)
    };
    use GroupState as S;
    assert_eq!(write(S::Open, Some(person()), None), Ok(Change::Adds));
    assert_eq!(write(S::Paused, Some(person()), None), Ok(Change::Adds));
    assert_eq!(
        write(S::Ended, Some(person()), None),
        Err(Refusal::GroupClosed)
    );
    assert_eq!(write(S::Open, None, None), Err(Refusal::NotInGroup));
    let with = |change: fn(&mut KnownPerson)| {
        let mut me = person();
        change(&mut me);
        write(S::Open, Some(me), None)
    };
    assert_eq!(
        with(|me| me.belongs = Belongs::Left),
        Err(Refusal::NotInGroup)
    );
    assert_eq!(with(|me| me.paused = true), Err(Refusal::WritingPaused));
    assert_eq!(with(|me| me.agreement = 1), Err(Refusal::AgreementNeeded));
    for state in [
        MessageState::Shown,
        MessageState::Hidden,
        MessageState::TakenBack,
    ] {
        let mine = write(S::Open, Some(person()), written(ME, state));
        assert_eq!(mine, Ok(Change::Nothing), "{state:?}");
        let theirs = write(S::Open, Some(person()), written(OTHER, state));
        assert_eq!(theirs, Err(Refusal::NotYours), "{state:?}");
    }
}

#[test]
fn taking_back_always_wins_and_is_for_ones_own_words() {
    let take = |stands, known| decide(ME, &act(GroupAct::TakeBack), stands, known, false);
    let ended = stands(GroupState::Ended, None);
    for stands in [None, ended] {
        assert_eq!(take(stands, None), Ok(Change::Mark));
        let shown = written(ME, MessageState::Shown);
        assert_eq!(take(stands, shown), Ok(Change::TakesBack));
        let hidden = written(ME, MessageState::Hidden);
        assert_eq!(take(stands, hidden), Ok(Change::TakesBack));
        let gone = written(ME, MessageState::TakenBack);
        assert_eq!(take(stands, gone), Ok(Change::Nothing));
        let theirs = written(OTHER, MessageState::Shown);
        assert_eq!(take(stands, theirs), Err(Refusal::NotYours));
    }
}

#[test]
fn leaving_is_always_possible_and_happens_once() {
    let leave = |state, me| {
        let it = InGroup::new(GroupAct::Leave, GROUP);
        decide(ME, &it, stands(state, me), None, false)
    };
    for state in [GroupState::Open, GroupState::Paused, GroupState::Ended] {
        assert_eq!(leave(state, Some(person())), Ok(Change::Leaves));
        assert_eq!(leave(state, None), Ok(Change::Nothing));
    }
}

#[test]
fn only_who_leads_hides_and_only_what_is_there() {
    let leads = KnownPerson {
        leads: true,
        ..person()
    };
    let left = KnownPerson {
        belongs: Belongs::Left,
        ..leads
    };
    let does = |it, me, known| decide(ME, &act(it), stands(GroupState::Open, me), known, false);
    let shown = written(OTHER, MessageState::Shown);
    let hidden = written(OTHER, MessageState::Hidden);
    let gone = written(OTHER, MessageState::TakenBack);
    for it in [GroupAct::Hide, GroupAct::Show, GroupAct::Looked] {
        for me in [None, Some(person()), Some(left)] {
            assert_eq!(does(it, me, shown), Err(Refusal::NotYours), "{it:?} {me:?}");
        }
        assert_eq!(does(it, Some(leads), None), Ok(Change::Nothing));
    }
    assert_eq!(does(GroupAct::Hide, Some(leads), shown), Ok(Change::Hides));
    assert_eq!(
        does(GroupAct::Hide, Some(leads), hidden),
        Ok(Change::Nothing)
    );
    assert_eq!(does(GroupAct::Hide, Some(leads), gone), Ok(Change::Nothing));
    assert_eq!(does(GroupAct::Show, Some(leads), hidden), Ok(Change::Shows));
    assert_eq!(does(GroupAct::Show, Some(leads), gone), Ok(Change::Nothing));
    assert_eq!(does(GroupAct::Looked, Some(leads), gone), Ok(Change::Looks));
    // A message of another group is nothing here, whoever leads this one.
    let elsewhere = KnownMessage {
        group: GroupId(Uuid::from_u128(9)),
        ..shown.unwrap()
    };
    assert_eq!(
        does(GroupAct::Hide, Some(leads), Some(elsewhere)),
        Ok(Change::Nothing)
    );
}

#[test]
fn who_belongs_asks_for_a_look_and_mutes_whom_they_like_but_themselves() {
    let does = |it: &InGroup, me, known| {
        let shown = written(OTHER, MessageState::Shown);
        decide(ME, it, stands(GroupState::Ended, me), shown, known)
    };
    let report = act(GroupAct::Report);
    assert_eq!(does(&report, Some(person()), false), Ok(Change::Reports));
    assert_eq!(does(&report, None, false), Err(Refusal::NotInGroup));
    let mute = |who: PersonId| InGroup {
        person: Some(who),
        ..InGroup::new(GroupAct::Mute, GROUP)
    };
    let other = PersonId(Uuid::from_u128(8));
    assert_eq!(does(&mute(other), Some(person()), true), Ok(Change::Mutes));
    assert_eq!(
        does(&mute(other), Some(person()), false),
        Err(Refusal::NotYours)
    );
    assert_eq!(does(&mute(other), None, true), Err(Refusal::NotInGroup));
    assert_eq!(
        does(&mute(HERE), Some(person()), true),
        Err(Refusal::NotYours)
    );
}

#[test]
fn an_act_says_what_it_needs_to_say() {
    let bare = |act| InGroup::new(act, GROUP).is_well_formed();
    assert!(bare(GroupAct::Leave));
    for it in [
        GroupAct::Join,
        GroupAct::Write,
        GroupAct::TakeBack,
        GroupAct::Report,
        GroupAct::Hide,
        GroupAct::Show,
        GroupAct::Looked,
        GroupAct::Mute,
        GroupAct::Unmute,
    ] {
        assert!(!bare(it), "{it:?}");
    }
    let says = |words: &str| {
        InGroup::about(GroupAct::Write, GROUP, MESSAGE, Some(words.into())).is_well_formed()
    };
    assert!(says("Hello"));
    for words in ["", " \n", "a bell \u{7}", &"x".repeat(text::LONG + 1)] {
        assert!(!says(words), "{words:?}");
    }
}

#[test]
fn the_steps_of_a_group_lead_where_they_should_and_nowhere_else() {
    use GroupState as S;
    let may = [
        (S::Draft, GroupStep::Open, S::Open),
        (S::Paused, GroupStep::Open, S::Open),
        (S::Open, GroupStep::Pause, S::Paused),
        (S::Open, GroupStep::End, S::Ended),
        (S::Paused, GroupStep::End, S::Ended),
    ];
    for state in S::ALL {
        for step in [GroupStep::Open, GroupStep::Pause, GroupStep::End] {
            let found = may
                .iter()
                .find(|(from, by, _)| (*from, *by) == (state, step));
            let expected = found.map(|(.., to)| *to);
            assert_eq!(after(state, step), expected, "{state:?} {step:?}");
        }
    }
}

#[test]
fn only_words_are_undone_and_nobody_leaves_by_taking_an_agreement_back() {
    let plain = |it: InGroup| match Command::from(it) {
        Command::Plain(it) => it,
        other => unreachable!("{other:?} is of a group"),
    };
    let wrote = plain(act(GroupAct::Write));
    let back = InGroup::about(GroupAct::TakeBack, GROUP, MESSAGE, None);
    assert_eq!(wrote.undoing(), Some(plain(back)));
    for it in [joins(2), act(GroupAct::Report), act(GroupAct::Hide)] {
        assert_eq!(plain(it).undoing(), None);
    }
}
