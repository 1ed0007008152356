use super::*;
use ChangeState as S;
use uuid::Uuid;

fn staff(n: u128) -> StaffId {
    StaffId(Uuid::from_u128(n))
}

fn whole() -> ChangePlan {
    ChangePlan {
        you_said: "The title is heavy".into(),
        we_did: "We made it lighter".into(),
        why: "It put people off".into(),
        who_took_part: "Six people".into(),
        ..ChangePlan::new(Area::Wording, None)
    }
}

fn facts(plan: &ChangePlan) -> Facts<'_> {
    Facts {
        plan,
        writer: Some(staff(1)),
        by: staff(2),
        reason: Some("It named someone"),
    }
}

#[test]
fn every_pair_of_state_and_step_leads_where_it_should_and_nowhere_else() {
    let may = [
        (S::Draft, ChangeStep::Agree, S::Agreed),
        (S::Agreed, ChangeStep::Publish, S::Published),
        (S::Published, ChangeStep::TakeDown, S::TakenDown),
        (S::Superseded, ChangeStep::TakeDown, S::TakenDown),
    ];
    let plan = whole();
    for state in S::ALL {
        for step in [ChangeStep::Agree, ChangeStep::Publish, ChangeStep::TakeDown] {
            let found = may.iter().find(|it| (it.0, it.1) == (state, step));
            let wanted = found.map(|it| it.2).ok_or(NotYet::From(state));
            assert_eq!(
                take(state, step, facts(&plan)),
                wanted,
                "{state:?}, {step:?}"
            );
        }
    }
}

#[test]
fn nobody_agrees_with_their_own_words() {
    let plan = whole();
    let own = Facts {
        by: staff(1),
        ..facts(&plan)
    };
    assert_eq!(
        take(S::Draft, ChangeStep::Agree, own),
        Err(NotYet::OwnWords)
    );
    // Whoever wrote it may publish what somebody else agreed with.
    assert_eq!(take(S::Agreed, ChangeStep::Publish, own), Ok(S::Published));
    let of_members = Facts {
        writer: None,
        ..own
    };
    assert_eq!(take(S::Draft, ChangeStep::Agree, of_members), Ok(S::Agreed));
}

#[test]
fn nothing_goes_out_without_its_reason_and_who_took_part() {
    let parts = |change: fn(&mut ChangePlan)| {
        let mut plan = whole();
        change(&mut plan);
        take(S::Draft, ChangeStep::Agree, facts(&plan))
    };
    let missing = |part| Err(NotYet::Missing(vec![part]));
    assert_eq!(parts(|it| it.why = " \n".into()), missing(ChangePart::Why));
    assert_eq!(
        parts(|it| it.who_took_part.clear()),
        missing(ChangePart::WhoTookPart)
    );
    assert_eq!(parts(|it| it.we_did.clear()), missing(ChangePart::WeDid));
    // What could not be done is told with its reason alone.
    let not_done = parts(|it| {
        it.kind = ChangeKind::NotYet;
        it.we_did.clear();
    });
    assert_eq!(not_done, Ok(S::Agreed));
}

#[test]
fn nothing_is_taken_down_without_a_word() {
    let plan = whole();
    let silent = Facts {
        reason: None,
        ..facts(&plan)
    };
    let taken = take(S::Published, ChangeStep::TakeDown, silent);
    assert_eq!(taken, Err(NotYet::SayWhy));
}

#[test]
fn what_cannot_be_kept_is_named() {
    let is_day = |day: &str| day == "2027-03-01";
    let mut plan = whole();
    plan.look_again = " 2027-03-01 ".into();
    assert_eq!(plan.misfits(is_day), Vec::<&str>::new());
    plan.look_again = "in spring".into();
    plan.why = "x".repeat(text::LONG + 1);
    plan.you_said = "a\u{0}b".into();
    assert_eq!(plan.misfits(is_day), ["you_said", "why", "look_again"]);
}

#[test]
fn a_form_gives_back_what_was_typed() {
    let plan = ChangePlan {
        kind: ChangeKind::NotYet,
        look_again: "2027-03-01".into(),
        group: Some(GroupId(Uuid::from_u128(9))),
        ..whole()
    };
    assert_eq!(ChangePlan::of_values(&plan.values()), plan);
}

#[test]
fn a_beginning_is_cut_between_words_and_never_inside_a_letter() {
    assert_eq!(brief(" The title is heavy. ", 60), "The title is heavy.");
    assert_eq!(brief("The title is heavy", 12), "The title…");
    assert_eq!(brief("First line\n\nSecond", 60), "First line …");
    assert_eq!(brief("ééééé", 3), "ééé…");
    assert_eq!(brief("🌧🌧🌧", 3), "🌧🌧🌧");
    assert_eq!(brief("", 3), "");
    assert_eq!(brief(&"w".repeat(500), 80).chars().count(), 81);
}
