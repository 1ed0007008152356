//! The demo's opportunities, with sessions in the weeks after it starts.

use crate::error::Error;
use app::domain::{
    id::OpportunityId,
    opportunity::{Area, Gives, Mode, Opportunity, OpportunityState, Room, Session, SessionState},
    time::{Millis, rfc3339},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use uuid::Uuid;

/// When and how a session is held.
struct Plan {
    days_ahead: i64,
    hour: i8,
    length_min: u32,
    mode: Mode,
    place: &'static str,
    places: Option<u32>,
    gives: Gives,
}

/// What an opportunity says.
struct Words {
    area: Area,
    title: &'static str,
    purpose: &'static str,
    what_happens: &'static str,
    what_next: &'static str,
    commitment: &'static str,
}

/// An opportunity and its sessions.
pub type Held = (OpportunityId, Opportunity, Vec<Session>);

/// Every opportunity with its sessions.
///
/// # Errors
/// `zone` is no time zone.
pub fn all(now: Millis, zone: &str) -> Result<Vec<Held>, Error> {
    let today = today(now, zone)?;
    opportunities()
        .into_iter()
        .map(|(words, plans)| {
            let id = OpportunityId(Uuid::now_v7());
            let sessions = plans
                .into_iter()
                .map(|plan| session(id, today, zone, &plan));
            Ok((id, opportunity(&words), sessions.collect::<Result<_, _>>()?))
        })
        .collect()
}

fn opportunities() -> Vec<(Words, Vec<Plan>)> {
    vec![
        (
            plan_words(),
            vec![in_person(8, 14, Some(6), Gives::Staff), online(15, 11)],
        ),
        (
            interview_panel(),
            vec![in_person(10, 10, Some(2), Gives::FirstReceived)],
        ),
        (newsletter(), vec![online(6, 13), online(20, 13)]),
        (
            new_service(),
            vec![in_person(12, 13, Some(4), Gives::FirstReceived)],
        ),
        (
            staff_training(),
            vec![in_person(17, 10, Some(3), Gives::Staff)],
        ),
        (
            peer_walks(),
            vec![in_person(5, 11, None, Gives::FirstReceived)],
        ),
    ]
}

fn plan_words() -> Words {
    Words {
        area: Area::Wording,
        title: "Gentler words for the recovery plan",
        purpose: "People told us that some of the words in the plan are hard to read on a bad day.",
        what_happens: "We read one page together and try out kinder words. You can just listen.",
        what_next: "The group decides. The new page is printed, and staff learn why it changed.",
        commitment: "One afternoon. Come to more if you like.",
    }
}

fn interview_panel() -> Words {
    Words {
        area: Area::Recruitment,
        title: "Help choose our next support worker",
        purpose: "The people who meet a support worker know best what makes a good one.",
        what_happens: "You meet three people, ask a question that you chose, and say what you thought.",
        what_next: "The panel decides together. We tell you who was chosen and why.",
        commitment: "One morning, and a short call the day before.",
    }
}

fn newsletter() -> Words {
    Words {
        area: Area::Communications,
        title: "Make the spring newsletter",
        purpose: "So that it sounds like us, and says what matters to us.",
        what_happens: "We pick stories and pictures. Write, draw, or tell someone who writes it down.",
        what_next: "It goes to everyone by post and online, with your name only if you want it.",
        commitment: "An hour online, when it suits you.",
    }
}

fn new_service() -> Words {
    Words {
        area: Area::BusinessDevelopment,
        title: "What should a new evening space be like?",
        purpose: "We may get money for a place to go in the evening. It should be what people want.",
        what_happens: "We look at three ideas, and say what would make us come, or stay away.",
        what_next: "Your ideas go into the plan. We show you what was kept and what was not, and why.",
        commitment: "One afternoon.",
    }
}

fn staff_training() -> Words {
    Words {
        area: Area::Training,
        title: "Teach new staff how to listen",
        purpose: "New staff remember what they hear from people who have been there.",
        what_happens: "Two of you lead a short talk with a worker. You share only what you choose to.",
        what_next: "We ask staff what they will do differently, and tell you.",
        commitment: "A planning call and one morning.",
    }
}

fn peer_walks() -> Words {
    Words {
        area: Area::PeerSupport,
        title: "Walk and talk by the harbour",
        purpose: "It can be easier to talk while walking, with someone who has been there too.",
        what_happens: "A slow walk on flat paths, then tea. No need to talk at all.",
        what_next: "Come again any week.",
        commitment: "An hour. No need to come every time.",
    }
}

fn in_person(days_ahead: i64, hour: i8, places: Option<u32>, gives: Gives) -> Plan {
    Plan {
        days_ahead,
        hour,
        length_min: 120,
        mode: Mode::InPerson,
        place: "Harbour House, 1 Example Street",
        places,
        gives,
    }
}

fn online(days_ahead: i64, hour: i8) -> Plan {
    Plan {
        days_ahead,
        hour,
        length_min: 60,
        mode: Mode::Online,
        place: "We send you a link",
        places: Some(8),
        gives: Gives::Staff,
    }
}

fn opportunity(words: &Words) -> Opportunity {
    let some = |text: &str| Some(text.to_owned());
    Opportunity {
        area: words.area,
        title: words.title.to_owned(),
        purpose: words.purpose.to_owned(),
        what_happens: words.what_happens.to_owned(),
        what_next: words.what_next.to_owned(),
        commitment: some(words.commitment),
        support: some("Priya is there before and after, and can talk any time that day."),
        travel: some("We pay your travel before you come, if you ask."),
        thank_you: some("A £15 voucher, or less, or none. It may affect benefits: ask us first."),
        access: some("Step-free. Quiet room. Bring someone with you if you like."),
        contact: some("Priya, 01632 960 101"),
        state: OpportunityState::Published,
    }
}

fn session(
    opportunity: OpportunityId,
    today: Date,
    zone: &str,
    plan: &Plan,
) -> Result<Session, Error> {
    let no_time = |problem: jiff::Error| Error::Internal(format!("the demo's times: {problem}"));
    let mut day = today.checked_add(plan.days_ahead.days()).map_err(no_time)?;
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.tomorrow().map_err(no_time)?;
    }
    let start = day.at(plan.hour, 0, 0, 0);
    let instant = start.in_tz(zone).map_err(no_time)?.timestamp();
    Ok(Session {
        opportunity,
        starts_at: Some(rfc3339(instant.as_millisecond())),
        local_start: Some(start.strftime("%Y-%m-%dT%H:%M").to_string()),
        zone: Some(zone.to_owned()),
        length_min: Some(plan.length_min),
        breaks: Some("A break in the middle, and whenever you need one.".to_owned()),
        mode: plan.mode,
        place: Some(plan.place.to_owned()),
        places: plan.places,
        gives: plan.gives,
        ballot_at: None,
        room: Room::Plenty,
        state: SessionState::Scheduled,
    })
}

fn today(now: Millis, zone: &str) -> Result<Date, Error> {
    let wrong = |problem: jiff::Error| Error::Internal(format!("the time zone: {problem}"));
    let now = Timestamp::from_millisecond(now).map_err(wrong)?;
    Ok(now.in_tz(zone).map_err(wrong)?.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_on_the_hour_of_their_own_zone_in_summer_and_winter() {
        for (now, starts) in [
            (1_795_442_520_123, "T14:00:00.000Z"),
            (1_782_000_000_000, "T13:00:00.000Z"),
        ] {
            let all = all(now, "Europe/London").unwrap();
            let session = &all[0].2[0];
            assert!(session.local_start.as_ref().unwrap().ends_with("T14:00"));
            assert!(session.starts_at.as_ref().unwrap().ends_with(starts));
        }
    }

    #[test]
    fn both_ways_of_giving_places_are_there() {
        let all = all(0, "Europe/London").unwrap();
        let gives: Vec<Gives> = all
            .iter()
            .flat_map(|(_, _, sessions)| sessions)
            .map(|session| session.gives)
            .collect();
        assert!(gives.contains(&Gives::Staff) && gives.contains(&Gives::FirstReceived));
    }
}
