//! Members' commands: what each needs loaded, and the rules of `app::domain` run over it in order.

use super::{
    incoming::{Incoming, Push, What},
    said::Said,
    world::{Wanted, World},
};
use crate::{
    db::{
        check_ins::CheckInRow,
        outcomes::{self, OutcomeRow},
        sign_ups::{SignUpRow, Thanks},
    },
    error::Error,
    state::Arrival,
};
use app::{
    domain::{
        attendee::Attendance,
        care::{Care, Not},
        check_in::{self, AnswerBack, ShareCheckIn, Shared, TakenBack, WithdrawAnswer},
        command::Command,
        device::{self, DeviceState},
        experience,
        id::{CheckInId, CommandId, DeviceId, MemberId, SignUpId},
        member::Rename,
        needs::{self, KeepNeeds},
        places::{Moved, Standing},
        record::{CheckIn, SignUp, kind},
        refusal::Refusal,
        sign_up::{self, Agree, RequestSignUp, Requested, SignUpState, Withdrawal},
        text,
        time::{Millis, rfc3339},
    },
    lang,
    sync::wire::{CommandOutcome, Outcome, Reason},
};
use sqlx::AnyConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// What became of a group of pushes.
#[derive(Debug, Default)]
pub struct Pushed {
    /// For each push, an outcome for each of its commands, in order.
    pub outcomes: Vec<Vec<CommandOutcome>>,
    /// What the desk should look at again.
    pub arrivals: Vec<Arrival>,
}

type Outcomes = HashMap<(CommandId, MemberId), OutcomeRow>;

/// Loads, decides and writes all of `pushes`.
///
/// # Errors
/// What the database says: nothing was written then, once the transaction is rolled back.
pub async fn apply(
    transaction: &mut AnyConnection,
    now: Millis,
    pushes: &[&Push],
) -> Result<Pushed, Error> {
    let mut stored = stored_outcomes(transaction, pushes).await?;
    let mut world = World::load(transaction, now, wanted(pushes, &stored)).await?;
    let mut new = Vec::new();
    let outcomes = pushes
        .iter()
        .map(|push| {
            let decide = |incoming| outcome(&mut world, &mut stored, &mut new, push, incoming);
            push.commands.iter().map(decide).collect()
        })
        .collect();
    outcomes::write(transaction, &new).await?;
    let arrivals = world.write(transaction).await?;
    Ok(Pushed { outcomes, arrivals })
}

async fn stored_outcomes(
    connection: &mut AnyConnection,
    pushes: &[&Push],
) -> Result<Outcomes, Error> {
    let commands = pushes.iter().flat_map(|push| &push.commands);
    let ids: Vec<CommandId> = commands.filter_map(|command| command.id).collect();
    let rows = outcomes::by_id(connection, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.id, row.member), row))
        .collect())
}

/// What the commands that are new here touch.
fn wanted(pushes: &[&Push], stored: &Outcomes) -> Wanted {
    let mut wanted = Wanted::default();
    for push in pushes {
        wanted.authors.insert(push.member);
        for incoming in &push.commands {
            let is_new = |id| !stored.contains_key(&(id, push.member));
            if !incoming.id.is_some_and(is_new) {
                continue;
            }
            match &incoming.what {
                What::Command(command) => want(&mut wanted, push.member, command),
                What::Said(it, said) => {
                    wanted
                        .marks
                        .insert((push.member, it.act.record, it.subject));
                    want_said(&mut wanted, push.member, said);
                }
                What::Refused(_) | What::Unknown => {}
            }
        }
    }
    wanted
}

fn want(wanted: &mut Wanted, member: MemberId, command: &Command) {
    let (kind, id) = command.subject();
    wanted.marks.insert((member, kind, id));
    match command {
        Command::ShareCheckIn(share) => {
            wanted.members.insert(member);
            wanted.check_ins.insert(share.check_in);
        }
        Command::WithdrawCheckIn(id) => {
            wanted.check_ins.insert(*id);
        }
        Command::AnswerBack(answer) => {
            wanted.check_ins.insert(answer.check_in);
        }
        Command::WithdrawAnswer(answer) => {
            wanted.check_ins.insert(answer.check_in);
        }
        Command::RequestSignUp(request) => {
            wanted.sign_ups.insert(request.sign_up);
            wanted.sessions.insert(request.session);
            wanted.asking.insert((member, request.session));
        }
        Command::WithdrawSignUp(id) | Command::Agree(Agree { sign_up: id, .. }) => {
            wanted.sign_ups.insert(*id);
        }
        Command::AcceptOffer(id) | Command::DeclineOffer(id) => {
            wanted.sign_ups.insert(*id);
        }
        Command::MarkAttendance(said) => {
            wanted.sign_ups.insert(said.sign_up);
        }
        Command::SignOutDevice(device) | Command::LoseDevice(device) => {
            wanted.devices.insert((member, *device));
        }
        Command::Rename(_) | Command::Plain(_) => {}
        Command::KeepNeeds(said) => {
            wanted.all_sign_ups.extend(said.sign_ups.then_some(member));
        }
        Command::Leave(_) => {
            wanted.leaving.insert(member);
        }
    }
}

fn want_said(wanted: &mut Wanted, member: MemberId, said: &Said) {
    match said {
        Said::InGroup(it) => wanted.groups.add(member, it),
        Said::SharePlan(it) => {
            wanted.members.insert(member);
            wanted.plans.add(it.plan);
            wanted.plans.add_all_of(member);
        }
        Said::WithdrawPlan(id) => wanted.plans.add(*id),
        Said::Words(it) => wanted.words.add(member, it),
        Said::Experience(it) => {
            wanted.members.insert(member);
            wanted.experiences.add(it);
        }
        Said::Peer(it) => wanted.peers.add(member, it),
    }
}

/// The outcome of one command: the stored one if it was here before.
fn outcome(
    world: &mut World,
    stored: &mut Outcomes,
    new: &mut Vec<OutcomeRow>,
    push: &Push,
    incoming: &Incoming,
) -> CommandOutcome {
    let now = world.now;
    let Some(id) = incoming.id else {
        return answer(None, Err(Refusal::Malformed), now);
    };
    if let Some(before) = stored.get(&(id, push.member)) {
        return if before.hash == incoming.hash {
            answer_stored(before)
        } else {
            answer(Some(id), Err(Refusal::IdReused), now)
        };
    }
    let decided = match &incoming.what {
        What::Unknown => return deferred(id, now),
        What::Refused(refusal) => Err(*refusal),
        What::Command(command) if !leaves(command) && world.has_left(push.member) => {
            Err(Refusal::Left)
        }
        What::Said(..) if world.has_left(push.member) => Err(Refusal::Left),
        What::Command(command) => decide(world, push, &incoming.made_at, command),
        What::Said(_, said) => decide_said(world, push.member, said),
    };
    let row = OutcomeRow {
        id,
        member: push.member,
        hash: incoming.hash.clone(),
        refused: decided.err().map(reason),
        received_at: now,
    };
    let answer = answer_stored(&row);
    new.push(row.clone());
    stored.insert((id, push.member), row);
    answer
}

/// Runs the rules for one command, and notes in `world` what they changed.
fn decide(world: &mut World, push: &Push, made_at: &str, command: &Command) -> Result<(), Refusal> {
    let member = push.member;
    match command {
        Command::ShareCheckIn(share) => share_check_in(world, member, made_at, share),
        Command::WithdrawCheckIn(id) => withdraw_check_in(world, member, *id),
        Command::AnswerBack(answer) => answer_back(world, member, answer),
        Command::WithdrawAnswer(answer) => withdraw_answer(world, member, *answer),
        Command::RequestSignUp(request) => request_sign_up(world, member, made_at, request),
        Command::WithdrawSignUp(id) => withdraw_sign_up(world, member, *id),
        Command::Agree(agree) => agree_again(world, member, *agree),
        Command::AcceptOffer(id) => accept_offer(world, member, *id),
        Command::DeclineOffer(id) => decline_offer(world, member, *id),
        Command::MarkAttendance(said) => mark_attendance(world, member, *said),
        Command::SignOutDevice(id) => end_device(world, push, *id, device::sign_out),
        Command::LoseDevice(id) => end_device(world, push, *id, device::lose),
        Command::Rename(new) => rename(world, member, new),
        Command::KeepNeeds(said) => keep_needs(world, member, said),
        Command::Leave(who) => leave(world, member, *who),
        // It is read where it comes in, as what it says.
        Command::Plain(_) => Err(Refusal::Malformed),
    }
}

fn decide_said(world: &mut World, member: MemberId, said: &Said) -> Result<(), Refusal> {
    match said {
        Said::InGroup(it) => world.in_group(member, it),
        Said::SharePlan(it) => world.share_plan(member, it),
        Said::WithdrawPlan(id) => world.withdraw_plan(member, *id),
        Said::Words(it) => world.says(member, it),
        Said::Experience(it) => world.says_experience(member, it),
        Said::Peer(it) => world.does(member, it),
    }
}

fn share_check_in(
    world: &mut World,
    member: MemberId,
    made_at: &str,
    share: &ShareCheckIn,
) -> Result<(), Refusal> {
    let known = world.known_check_in(member, share.check_in);
    match check_in::share(member, share, known.as_ref(), world.team(member))? {
        Shared::AlreadyWithdrawn | Shared::Already => {}
        Shared::Sent => {
            let mut record = CheckIn::from_share(share, made_at);
            record.received_at = Some(rfc3339(world.now));
            world.add_check_in(CheckInRow {
                id: share.check_in,
                member,
                team: share.team,
                consent: share.consent,
                seen_by: None,
                seen_at: None,
                owner: None,
                due_at: world.due(share.team),
                received_at: world.now,
                record,
            });
        }
    }
    Ok(())
}

fn answer_back(world: &mut World, member: MemberId, answer: &AnswerBack) -> Result<(), Refusal> {
    let at = rfc3339(world.now);
    in_thread(world, member, answer.check_in, |care| {
        care.answer_back(answer.message, answer.words.clone(), &at)
    })
}

fn withdraw_answer(
    world: &mut World,
    member: MemberId,
    answer: WithdrawAnswer,
) -> Result<(), Refusal> {
    in_thread(world, member, answer.check_in, |care| {
        care.take_answer_back(answer.message)
    })
}

fn in_thread(
    world: &mut World,
    member: MemberId,
    id: CheckInId,
    say: impl FnOnce(Care) -> Result<(), Not>,
) -> Result<(), Refusal> {
    let known = world.known_check_in(member, id);
    if !check_in::may_answer(member, known.as_ref())? {
        return Ok(());
    }
    check_in::answered(world.care_for(id, say).unwrap_or(Ok(())))
}

fn withdraw_check_in(world: &mut World, member: MemberId, id: CheckInId) -> Result<(), Refusal> {
    let known = world.known_check_in(member, id);
    match check_in::withdraw(member, known.as_ref())? {
        TakenBack::Already => {}
        TakenBack::Mark => world.mark((member, kind::CHECK_IN, id.0)),
        TakenBack::Removed => {
            if let Some(row) = world.edit_check_in(id) {
                row.record.withdraw();
            }
        }
    }
    Ok(())
}

fn request_sign_up(
    world: &mut World,
    member: MemberId,
    made_at: &str,
    request: &RequestSignUp,
) -> Result<(), Refusal> {
    let known = world.known_sign_up(member, request.sign_up);
    let has_active = world.has_active(member, request.session);
    let agreement = world.agreement(request.session);
    let places = world.places(request.session);
    match sign_up::request(
        member,
        request,
        known.as_ref(),
        has_active,
        places,
        agreement,
    )? {
        Requested::AlreadyWithdrawn | Requested::Already => {}
        Requested::Stands(standing) => {
            let mut record = SignUp::from_request(request, made_at);
            record.received_at = Some(rfc3339(world.now));
            let row = SignUpRow {
                id: request.sign_up,
                member,
                session: request.session,
                queue: 0,
                offer_until: None,
                marked: None,
                thanks: Thanks::default(),
                staff_note: None,
                seen_by: None,
                seen_at: None,
                received_at: world.now,
                record,
            };
            world.add_sign_up(row, standing);
        }
    }
    Ok(())
}

/// Never an older version in place of a newer one: two phones of a person may be of different days.
fn agree_again(world: &mut World, member: MemberId, agree: Agree) -> Result<(), Refusal> {
    let known = world.known_sign_up(member, agree.sign_up);
    let session = known.and_then(|known| known.session);
    let newest = session.and_then(|session| world.agreement(session));
    if sign_up::agree(member, agree.version, known.as_ref(), newest)?
        && let Some(row) = world.edit_sign_up(agree.sign_up)
    {
        row.record.agreement = row.record.agreement.max(Some(agree.version));
    }
    Ok(())
}

fn withdraw_sign_up(world: &mut World, member: MemberId, id: SignUpId) -> Result<(), Refusal> {
    let known = world.known_sign_up(member, id);
    let session = known.and_then(|known| known.session);
    let now = world.now;
    let places = session.and_then(|session| world.places(session));
    match sign_up::withdraw(member, id, known.as_ref(), places, now)? {
        Withdrawal::Already => {}
        Withdrawal::Mark => world.mark((member, kind::SIGN_UP, id.0)),
        Withdrawal::Leaves(moved) => take_out(world, id, moved),
    }
    Ok(())
}

fn accept_offer(world: &mut World, member: MemberId, id: SignUpId) -> Result<(), Refusal> {
    let known = world.known_sign_up(member, id);
    let session = known.and_then(|known| known.session);
    let now = world.now;
    let places = session.and_then(|session| world.places(session));
    if let Some(standing) = sign_up::accept_offer(member, id, known.as_ref(), places, now)? {
        world.stand(id, standing);
    }
    Ok(())
}

fn decline_offer(world: &mut World, member: MemberId, id: SignUpId) -> Result<(), Refusal> {
    let known = world.known_sign_up(member, id);
    let session = known.and_then(|known| known.session);
    let now = world.now;
    let places = session.and_then(|session| world.places(session));
    if let Some(moved) = sign_up::decline_offer(member, id, known.as_ref(), places, now)? {
        take_out(world, id, moved);
    }
    Ok(())
}

/// Whoever leads says whether somebody came.
fn mark_attendance(world: &mut World, member: MemberId, said: Attendance) -> Result<(), Refusal> {
    let row = world.sign_up(said.sign_up).ok_or(Refusal::NotYours)?;
    let session = row.session;
    if !world.leads(member, session) {
        return Err(Refusal::NotYours);
    }
    attend(world, said, member.0)
}

/// Notes whether somebody came, and who says so: a member who leads, or staff.
pub fn attend(world: &mut World, said: Attendance, by: Uuid) -> Result<(), Refusal> {
    let id = said.sign_up;
    let row = world.sign_up(id).ok_or(Refusal::NoPlace)?;
    let (state, session, now) = (row.record.state, row.session, world.now);
    let places = world.places(session).ok_or(Refusal::NoPlace)?;
    let Some((standing, moved)) = sign_up::attend(id, state, said.came, places, now)? else {
        return Ok(());
    };
    world.stand(id, standing);
    world.move_all(moved);
    if let Some(row) = world.edit_sign_up(id) {
        row.marked = Some((by, now));
    }
    Ok(())
}

fn take_out(world: &mut World, id: SignUpId, moved: Moved) {
    world.stand(id, Standing::is(SignUpState::Withdrawn));
    world.move_all(moved);
}

fn rename(world: &mut World, member: MemberId, new: &Rename) -> Result<(), Refusal> {
    if new.member != member {
        return Err(Refusal::NotYours);
    }
    world.rename(member, text::tidy(new.name.clone()));
    Ok(())
}

/// What is kept stands for itself. Sign-ups have copies of their own, which go only where that was asked for.
fn keep_needs(world: &mut World, member: MemberId, said: &KeepNeeds) -> Result<(), Refusal> {
    needs::keep(member, said)?;
    let words = text::tidy(said.needs.clone());
    world.keep_needs(member, words.zip(said.consent));
    if said.sign_ups {
        for id in world.sign_ups_of(member) {
            forget_needs(world, id);
        }
    }
    Ok(())
}

/// A sign-up that says nothing of it is not written anew.
fn forget_needs(world: &mut World, id: SignUpId) {
    let says = |row: &SignUpRow| row.record.access_needs.is_some();
    if world.sign_up(id).is_some_and(says)
        && let Some(row) = world.edit_sign_up(id)
    {
        row.record.access_needs = None;
        row.record.access_needs_consent = false;
    }
}

/// Whether it asks to leave: somebody who has left may have asked on two phones.
fn leaves(command: &Command) -> bool {
    matches!(command, Command::Leave(_))
}

/// Everything that stands of the member's is taken back by the usual rules: freed places go on.
fn leave(world: &mut World, member: MemberId, who: MemberId) -> Result<(), Refusal> {
    if who != member {
        return Err(Refusal::NotYours);
    }
    if world.has_left(member) {
        return Ok(());
    }
    for id in world.check_ins_of(member) {
        withdraw_check_in(world, member, id)?;
    }
    for id in world.sign_ups_of(member) {
        withdraw_sign_up(world, member, id)?;
    }
    for id in world.plans_of(member) {
        world.withdraw_plan(member, id)?;
    }
    for id in world.experiences_of(member) {
        world.says_experience(member, &experience::Says::Withdraw(id))?;
    }
    world.leave(member);
    Ok(())
}

fn end_device(
    world: &mut World,
    push: &Push,
    id: DeviceId,
    rule: fn(bool, Option<DeviceState>) -> Result<Option<DeviceState>, Refusal>,
) -> Result<(), Refusal> {
    let known = world.device(push.member, id);
    if let Some(state) = rule(push.device == Some(id), known)? {
        world.end_device(push.member, id, state);
    }
    Ok(())
}

fn reason(refusal: Refusal) -> Reason {
    Reason {
        code: refusal.code().to_owned(),
        message: lang::refusal(refusal).get().to_owned(),
    }
}

fn answer(id: Option<CommandId>, decided: Result<(), Refusal>, now: Millis) -> CommandOutcome {
    let refused = decided.err().map(reason);
    CommandOutcome {
        id,
        outcome: if refused.is_some() {
            Outcome::Refused
        } else {
            Outcome::Applied
        },
        received_at: rfc3339(now),
        reason: refused,
    }
}

fn answer_stored(row: &OutcomeRow) -> CommandOutcome {
    CommandOutcome {
        id: Some(row.id),
        outcome: row.outcome(),
        received_at: rfc3339(row.received_at),
        reason: row.refused.clone(),
    }
}

fn deferred(id: CommandId, now: Millis) -> CommandOutcome {
    CommandOutcome {
        id: Some(id),
        outcome: Outcome::Deferred,
        received_at: rfc3339(now),
        reason: None,
    }
}
