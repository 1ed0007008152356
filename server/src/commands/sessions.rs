//! What staff do with sessions: new ones, other details, another time, calling off. Whoever signed up is told in the
//! same transaction, through the rules and the feed of any sign-up.

use super::{
    programme::{Acted, ProgrammeDone},
    world::{Wanted, World},
};
use crate::{
    db::{
        audit, opportunities,
        reach::Reach,
        sessions::{self as db, SessionRow, is_to_come},
        sign_ups,
    },
    error::Error,
    publish,
    state::Arrival,
    wall_clock::Start,
};
use app::{
    domain::{
        id::{OpportunityId, SessionId, SignUpId, StaffId},
        opportunity::{Gives, Mode, OpportunityState, Room, Session, SessionState},
        places::{Given, Standing},
        programme,
        record::kind,
        sign_up::{self, SignUpState},
        time::{HOUR_MS, Millis, rfc3339},
    },
    lang::en::programme as words,
    ui::when,
};
use sqlx::AnyConnection;

/// Something that staff do with sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionAction {
    /// Adds sessions to an opportunity: one, or all that a repeat makes.
    Add(OpportunityId, Details, Vec<Added>),
    /// Changes what a session is like, with words for everyone who signed up if there are some.
    Change(SessionId, Details, Option<String>),
    /// Moves sessions to other times, with the reason.
    Move(Vec<(SessionId, Start)>, Option<String>),
    /// Calls sessions off, with the reason.
    Cancel(Vec<SessionId>, String),
}

/// A session that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its id.
    pub id: SessionId,
    /// When it starts; none is by arrangement.
    pub start: Option<Start>,
    /// When its ballot is drawn, where there is one.
    pub ballot_at: Option<Millis>,
}

/// What a session is like, but for its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Length in minutes.
    pub length_min: Option<u32>,
    /// Breaks, in words.
    pub breaks: Option<String>,
    /// Where people meet.
    pub mode: Mode,
    /// The address, in words.
    pub place: Option<String>,
    /// How to get in online.
    pub link: Option<String>,
    /// How many places there are; none for no limit.
    pub places: Option<u32>,
    /// How places are given.
    pub gives: Gives,
    /// When a ballot is drawn, where places are given so.
    pub ballot_at: Option<Millis>,
    /// How long an offer holds a place, in hours.
    pub offer_hours: i64,
    /// Who leads it.
    pub lead: Option<String>,
}

impl Details {
    fn put_into(self, row: &mut SessionRow) {
        row.record.length_min = self.length_min;
        row.record.breaks = self.breaks;
        row.record.mode = self.mode;
        row.record.place = self.place;
        row.record.places = self.places;
        row.record.gives = self.gives;
        row.record.ballot_at = self.ballot_at.map(rfc3339);
        row.offer_hours = self.offer_hours;
        row.record.lead = self.lead;
        row.link = self.link;
    }
}

impl SessionAction {
    /// Whether it may take away something that someone wrote.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::Add(..) => false,
            Self::Change(_, _, words) => words.is_some(),
            Self::Move(..) | Self::Cancel(..) => true,
        }
    }
}

/// Whether all that it is about is reached.
///
/// # Errors
/// [`Error::NotFound`] if anything is not; what the database says.
pub(super) async fn reached(
    transaction: &mut AnyConnection,
    reach: Reach,
    action: &SessionAction,
) -> Result<(), Error> {
    let ids = match action {
        SessionAction::Add(opportunity, ..) => {
            return reach.opportunity(transaction, *opportunity).await;
        }
        SessionAction::Change(id, ..) => vec![*id],
        SessionAction::Move(moves, _) => moves.iter().map(|(id, _)| *id).collect(),
        SessionAction::Cancel(ids, _) => ids.clone(),
    };
    for id in ids {
        reach.session(&mut *transaction, id).await?;
    }
    Ok(())
}

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there; what the database says.
pub(super) async fn act(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    action: SessionAction,
) -> Acted {
    match action {
        SessionAction::Add(opportunity, details, added) => {
            add(transaction, by, opportunity, &details, added).await
        }
        SessionAction::Change(id, details, words) => {
            change(transaction, by, id, details, words).await
        }
        SessionAction::Move(moves, reason) => move_all(transaction, by, moves, reason).await,
        SessionAction::Cancel(ids, reason) => cancel(transaction, by, &ids, &reason).await,
    }
}

async fn note(
    transaction: &mut AnyConnection,
    (by, now): (StaffId, Millis),
    action: &'static str,
    id: SessionId,
) -> Result<(), Error> {
    let thing = (kind::SESSION, id.0);
    audit::add(transaction, now, by, action, thing, None).await
}

/// Whether members see sessions of this opportunity; none for one that holds no more.
async fn is_shown(
    transaction: &mut AnyConnection,
    id: OpportunityId,
) -> Result<Option<bool>, Error> {
    let state = opportunities::find(transaction, id).await?.record.state;
    Ok(programme::may_edit(state).then(|| state != OpportunityState::Draft))
}

fn nothing(done: ProgrammeDone) -> Acted {
    Ok((done, Vec::new()))
}

async fn add(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    opportunity: OpportunityId,
    details: &Details,
    added: Vec<Added>,
) -> Acted {
    let Some(shown) = is_shown(&mut *transaction, opportunity).await? else {
        return nothing(ProgrammeDone::NoLonger);
    };
    let series = (added.len() > 1).then(|| added[0].id.to_string());
    for Added {
        id,
        start,
        ballot_at,
    } in added
    {
        let mut row = publish::new_session(id, new(opportunity, details, start.as_ref()));
        let details = Details {
            ballot_at,
            ..details.clone()
        };
        details.put_into(&mut row);
        row.series.clone_from(&series);
        if shown {
            publish::new(&mut *transaction, &row).await?;
        } else {
            db::add(&mut *transaction, &row).await?;
        }
        note(&mut *transaction, by, "session.add", id).await?;
    }
    Ok((ProgrammeDone::Done, vec![Arrival::SignUp(opportunity)]))
}

fn new(opportunity: OpportunityId, details: &Details, start: Option<&Start>) -> Session {
    let mut session = Session {
        opportunity,
        starts_at: None,
        local_start: None,
        zone: None,
        length_min: None,
        breaks: None,
        mode: details.mode,
        place: None,
        places: details.places,
        gives: details.gives,
        ballot_at: None,
        room: Room::Plenty,
        state: SessionState::Scheduled,
        lead: None,
        was: None,
        reason: None,
    };
    if let Some(start) = start {
        put_start(&mut session, start);
    }
    session
}

fn put_start(session: &mut Session, start: &Start) {
    session.starts_at = Some(start.instant_text());
    session.local_start = Some(start.local_text());
    session.zone = Some(start.zone.clone());
}

/// A session that is to come, of an opportunity that is not over; none otherwise.
async fn to_come(
    transaction: &mut AnyConnection,
    id: SessionId,
) -> Result<Option<(SessionRow, bool)>, Error> {
    let row = db::find(&mut *transaction, id).await?;
    if row.record.state != SessionState::Scheduled {
        return Ok(None);
    }
    let shown = is_shown(transaction, row.record.opportunity).await?;
    Ok(shown.map(|shown| (row, shown)))
}

async fn load(
    transaction: &mut AnyConnection,
    now: Millis,
    ids: &[SessionId],
) -> Result<(World, Vec<SignUpId>), Error> {
    let standing = sign_ups::standing(&mut *transaction, ids).await?;
    let wanted = Wanted {
        sign_ups: standing.iter().copied().collect(),
        sessions: ids.iter().copied().collect(),
        ..Wanted::default()
    };
    Ok((World::load(transaction, now, wanted).await?, standing))
}

/// The same words for all of them.
fn say(world: &mut World, sign_ups: Vec<SignUpId>, words: &str) {
    for id in sign_ups {
        if let Some(row) = world.edit_sign_up(id) {
            row.record.message = Some(words.to_owned());
        }
    }
}

/// Phones hear of it as it is now, with the room that the places make.
async fn tell(
    transaction: &mut AnyConnection,
    id: SessionId,
    shown: bool,
) -> Result<Session, Error> {
    let record = db::record(&mut *transaction, id).await?;
    if shown {
        publish::session_again(transaction, id, &record).await?;
    }
    Ok(record)
}

async fn change(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: SessionId,
    details: Details,
    words: Option<String>,
) -> Acted {
    let Some((mut row, shown)) = to_come(&mut *transaction, id).await? else {
        return nothing(ProgrammeDone::NoLonger);
    };
    let (mut world, standing) = load(&mut *transaction, by.1, &[id]).await?;
    let otherwise = details.gives != row.record.gives;
    if row.drawn && (otherwise || details.ballot_at.map(rfc3339) != row.record.ballot_at) {
        return nothing(ProgrammeDone::Drawn);
    }
    if otherwise && !standing.is_empty() {
        return nothing(ProgrammeDone::Asked);
    }
    let places = world.places(id).ok_or(Error::NotFound)?;
    places.gives = details.gives;
    places.offer_ms = details.offer_hours * HOUR_MS;
    match places.resize(details.places, by.1) {
        Ok(moved) => world.move_all(moved),
        Err(Given(taken)) => return nothing(ProgrammeDone::Given(taken)),
    }
    if details.link != row.link {
        world.relink(id, details.link.clone());
    }
    if let Some(words) = &words {
        say(&mut world, standing, words);
    }
    details.put_into(&mut row);
    db::write(&mut *transaction, &row).await?;
    let mut arrivals = world.write(&mut *transaction).await?;
    let record = tell(&mut *transaction, id, shown).await?;
    arrivals.push(Arrival::SignUp(record.opportunity));
    note(transaction, by, "session.change", id).await?;
    Ok((ProgrammeDone::Done, arrivals))
}

async fn move_all(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    moves: Vec<(SessionId, Start)>,
    reason: Option<String>,
) -> Acted {
    let mut rows = Vec::new();
    for (id, start) in moves {
        match to_come(&mut *transaction, id).await? {
            Some((row, shown)) => rows.push((row, shown, start)),
            None => return nothing(ProgrammeDone::NoLonger),
        }
    }
    let mut arrivals = Vec::new();
    for (mut row, shown, start) in rows {
        let before = row.record.clone();
        put_start(&mut row.record, &start);
        // A draft has told nobody when it was.
        if shown {
            row.record.was.clone_from(&before.local_start);
            row.record.reason.clone_from(&reason);
        }
        db::write(&mut *transaction, &row).await?;
        let (mut world, standing) = load(&mut *transaction, by.1, &[row.id]).await?;
        if let Some(places) = world.places(row.id) {
            let cut = places.start_at(Some(start.at));
            world.move_all(cut);
        }
        let words = moved_words(&before, &row.record, reason.as_deref());
        say(&mut world, standing, &words);
        arrivals.extend(world.write(&mut *transaction).await?);
        let record = tell(&mut *transaction, row.id, shown).await?;
        arrivals.push(Arrival::SignUp(record.opportunity));
        note(&mut *transaction, by, "session.move", row.id).await?;
    }
    Ok((ProgrammeDone::Done, arrivals))
}

/// What everyone who signed up reads of a move.
pub fn moved_words(before: &Session, after: &Session, reason: Option<&str>) -> String {
    let moved = words::TOLD_MOVED.fill(&[
        ("before", &when::session_time(before)),
        ("after", &when::session_time(after)),
    ]);
    match reason {
        Some(reason) => format!("{moved} {reason}"),
        None => moved,
    }
}

async fn cancel(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    ids: &[SessionId],
    reason: &str,
) -> Acted {
    let mut rows = Vec::new();
    for id in ids {
        match to_come(&mut *transaction, *id).await? {
            Some((row, _)) => rows.push(row),
            None => return nothing(ProgrammeDone::NoLonger),
        }
    }
    let arrivals = call_off(&mut *transaction, by.1, rows, reason).await?;
    for id in ids {
        note(&mut *transaction, by, "session.cancel", *id).await?;
    }
    Ok((ProgrammeDone::Done, arrivals))
}

/// Calls sessions off: nobody moves up in them any more, and everyone who signed up is told why.
pub(super) async fn call_off(
    transaction: &mut AnyConnection,
    now: Millis,
    rows: Vec<SessionRow>,
    reason: &str,
) -> Result<Vec<Arrival>, Error> {
    let ids: Vec<SessionId> = rows.iter().map(|row| row.id).collect();
    for mut row in rows {
        row.record.state = SessionState::Cancelled;
        row.record.reason = Some(reason.to_owned());
        db::write(&mut *transaction, &row).await?;
    }
    let (mut world, standing) = load(&mut *transaction, now, &ids).await?;
    for id in &ids {
        world.shut(*id);
    }
    for sign_up in standing {
        end(&mut world, sign_up, reason);
    }
    let mut arrivals = world.write(&mut *transaction).await?;
    for id in ids {
        let opportunity = db::record(&mut *transaction, id).await?.opportunity;
        let state = opportunities::find(&mut *transaction, opportunity)
            .await?
            .record
            .state;
        tell(&mut *transaction, id, programme::is_shown(state)).await?;
        arrivals.push(Arrival::SignUp(opportunity));
    }
    Ok(arrivals)
}

/// One sign-up ends with its session.
fn end(world: &mut World, id: SignUpId, reason: &str) {
    let Some(row) = world.sign_up(id) else { return };
    let (state, session) = (row.record.state, row.session);
    let now = world.now;
    let Some(places) = world.places(session) else {
        return;
    };
    let Some(moved) = sign_up::cancel(id, state, places, now) else {
        return;
    };
    if let Some(row) = world.edit_sign_up(id) {
        row.record.message = Some(reason.to_owned());
    }
    world.stand(id, Standing::is(SignUpState::Cancelled));
    world.move_all(moved);
}

/// An opportunity takes people again: places that came free meanwhile go to those who waited.
pub(super) async fn pass_on(
    transaction: &mut AnyConnection,
    now: Millis,
    rows: &[SessionRow],
) -> Result<Vec<Arrival>, Error> {
    let waits = |row: &&SessionRow| is_to_come(&row.record, now) && row.waiting > 0;
    let ids: Vec<SessionId> = rows.iter().filter(waits).map(|row| row.id).collect();
    let (mut world, _) = load(&mut *transaction, now, &ids).await?;
    for id in ids {
        let moved = world.places(id).map(|places| {
            let limit = places.limit;
            // The same number: nobody loses a place.
            places.resize(limit, now).unwrap_or_default()
        });
        world.move_all(moved.unwrap_or_default());
    }
    world.write(transaction).await
}
