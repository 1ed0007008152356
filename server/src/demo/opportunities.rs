//! The demo's opportunities, with sessions in the weeks after it starts.

use crate::{db::sessions::SessionRow, error::Error, publish};
use app::domain::{
    id::{GroupId, OpportunityId, SessionId},
    opportunity::{Area, Gives, Mode, Opportunity, OpportunityState, Room, Session, SessionState},
    plan::{Plan, Told},
    time::{Millis, rfc3339},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use uuid::Uuid;

/// When and how a session is held.
struct Day {
    days_ahead: i64,
    hour: i8,
    length_min: u32,
    mode: Mode,
    place: Option<&'static str>,
    link: Option<&'static str>,
    places: Option<u32>,
    gives: Gives,
}

/// An opportunity and its sessions.
pub type Held = (OpportunityId, Opportunity, Vec<SessionRow>);

/// Every opportunity with its sessions; the first belongs to `group`.
///
/// # Errors
/// `zone` is no time zone.
pub fn all(now: Millis, zone: &str, group: GroupId) -> Result<Vec<Held>, Error> {
    let today = today(now, zone)?;
    let mut all = opportunities(group)
        .into_iter()
        .map(|(plan, days)| {
            let id = OpportunityId(Uuid::now_v7());
            let sessions = days.into_iter().map(|day| session(id, today, zone, &day));
            let shown = shown(&plan, OpportunityState::Published, Told::default());
            Ok((id, shown, sessions.collect::<Result<_, _>>()?))
        })
        .collect::<Result<Vec<Held>, Error>>()?;
    let over = shown(
        &letters(),
        OpportunityState::ReportedBack,
        came_of_letters(),
    );
    all.push((OpportunityId(Uuid::now_v7()), over, Vec::new()));
    Ok(all)
}

fn shown(plan: &Plan, state: OpportunityState, told: Told) -> Opportunity {
    plan.shown(state, plan.agreement(None), &told)
}

fn opportunities(group: GroupId) -> Vec<(Plan, Vec<Day>)> {
    vec![
        (
            Plan {
                group: Some(group),
                ..plan_words()
            },
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
        (leaflet(), Vec::new()),
    ]
}

/// What they all say.
fn usual(area: Area, title: &str) -> Plan {
    Plan {
        support: "Priya and one more worker are there all the time.".to_owned(),
        talk_to: "Priya".to_owned(),
        travel: "We pay buses, trains and mileage.".to_owned(),
        travel_first: true,
        thank_you: "A £15 voucher for each session.".to_owned(),
        choose_thanks: true,
        benefits: "It may change some benefits. Ask us before you say yes. Harbour Advice is not part of us, \
                   and free: 01632 960 150."
            .to_owned(),
        access: "Step-free. A quiet room. Bring someone with you if you like.".to_owned(),
        contact: "Priya, 01632 960 101".to_owned(),
        ..Plan::new(area, title.to_owned())
    }
}

fn said(plan: Plan, purpose: &str, what_happens: &str, what_next: &str, commitment: &str) -> Plan {
    Plan {
        purpose: purpose.to_owned(),
        what_happens: what_happens.to_owned(),
        what_next: what_next.to_owned(),
        commitment: commitment.to_owned(),
        ..plan
    }
}

fn plan_words() -> Plan {
    said(
        usual(Area::Wording, "Gentler words for the recovery plan"),
        "People told us that some of the words in the plan are hard to read on a bad day.",
        "We read one page together and try out kinder words. You can just listen.",
        "The group decides. The new page is printed, and staff learn why it changed.",
        "One afternoon. Come to more if you like.",
    )
}

fn interview_panel() -> Plan {
    let plan = said(
        usual(Area::Recruitment, "Help choose our next support worker"),
        "The people who meet a support worker know best what makes a good one.",
        "You meet three people, ask a question that you chose, and say what you thought.",
        "The panel decides together. We tell you who was chosen and why.",
        "One morning, and a short call the day before.",
    );
    Plan {
        training: "A short call about fair questions. We ring you the day before.".to_owned(),
        thank_you: "A £30 voucher for the morning.".to_owned(),
        ..plan
    }
}

fn newsletter() -> Plan {
    said(
        usual(Area::Communications, "Make the spring newsletter"),
        "So that it sounds like us, and says what matters to us.",
        "We pick stories and pictures. Write, draw, or tell someone who writes it down.",
        "It goes to everyone by post and online, with your name only if you want it.",
        "An hour online, when it suits you.",
    )
}

fn new_service() -> Plan {
    said(
        usual(
            Area::BusinessDevelopment,
            "What should a new evening space be like?",
        ),
        "We may get money for a place to go in the evening. It should be what people want.",
        "We look at three ideas, and say what would make us come, or stay away.",
        "Your ideas go into the plan. We show you what was kept and what was not, and why.",
        "One afternoon.",
    )
}

fn staff_training() -> Plan {
    let plan = said(
        usual(Area::Training, "Teach new staff how to listen"),
        "New staff remember what they hear from people who have been there.",
        "Two of you lead a short talk with a worker. You share only what you choose to.",
        "We ask staff what they will do differently, and tell you.",
        "A planning call and one morning.",
    );
    Plan {
        training: "Two hours on telling your story safely. We pay for your time.".to_owned(),
        agreement: "You may hear private things about other people.\n\nWhat is said in the room stays in the room. \
                    You say no names outside.\n\nIf something worries you, tell Priya. That is always fine."
            .to_owned(),
        ..plan
    }
}

fn peer_walks() -> Plan {
    let plan = said(
        usual(Area::PeerSupport, "Walk and talk by the harbour"),
        "It can be easier to talk while walking, with someone who has been there too.",
        "A slow walk on flat paths, then tea. No need to talk at all.",
        "Come again any week.",
        "An hour. No need to come every time.",
    );
    Plan {
        thank_you: "Tea and cake.".to_owned(),
        choose_thanks: false,
        benefits: String::new(),
        ..plan
    }
}

fn leaflet() -> Plan {
    let plan = said(
        usual(Area::Wording, "Read our new leaflet"),
        "It tells people what happens at a first visit. It should not frighten anyone.",
        "You read two pages, and tell us what is unclear or unkind. A line is enough.",
        "We change it in spring, and show you what changed.",
        "Half an hour at home.",
    );
    Plan {
        comment_only: true,
        travel: String::new(),
        travel_first: false,
        contact: "Priya, 01632 960 101. She can post it to you.".to_owned(),
        ..plan
    }
}

fn letters() -> Plan {
    said(
        usual(Area::Wording, "Look at our appointment letters"),
        "People told us that our letters made them more worried.",
        "Eight people read three letters and wrote what they would say instead.",
        "The new letters go out from the summer.",
        "Two afternoons.",
    )
}

fn came_of_letters() -> Told {
    Told {
        came_of_it: Some(
            "All three letters changed. They now say who you will meet, how long it takes, and that you can \
             bring someone. We kept the page about your rights, because the law asks for it."
                .to_owned(),
        ),
        reason: None,
    }
}

fn in_person(days_ahead: i64, hour: i8, places: Option<u32>, gives: Gives) -> Day {
    Day {
        days_ahead,
        hour,
        length_min: 120,
        mode: Mode::InPerson,
        place: Some("Harbour House, 1 Example Street"),
        link: None,
        places,
        gives,
    }
}

fn online(days_ahead: i64, hour: i8) -> Day {
    Day {
        days_ahead,
        hour,
        length_min: 60,
        mode: Mode::Online,
        place: None,
        link: Some("https://meet.example/harbour-words Passcode: 4102"),
        places: Some(8),
        gives: Gives::Staff,
    }
}

fn session(
    opportunity: OpportunityId,
    today: Date,
    zone: &str,
    held: &Day,
) -> Result<SessionRow, Error> {
    let no_time = |problem: jiff::Error| Error::Internal(format!("the demo's times: {problem}"));
    let mut day = today.checked_add(held.days_ahead.days()).map_err(no_time)?;
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        day = day.tomorrow().map_err(no_time)?;
    }
    let start = day.at(held.hour, 0, 0, 0);
    let instant = start.in_tz(zone).map_err(no_time)?.timestamp();
    let record = Session {
        opportunity,
        starts_at: Some(rfc3339(instant.as_millisecond())),
        local_start: Some(start.strftime("%Y-%m-%dT%H:%M").to_string()),
        zone: Some(zone.to_owned()),
        length_min: Some(held.length_min),
        breaks: Some("A break in the middle, and whenever you need one.".to_owned()),
        mode: held.mode,
        place: held.place.map(str::to_owned),
        places: held.places,
        gives: held.gives,
        ballot_at: None,
        room: Room::Plenty,
        state: SessionState::Scheduled,
        lead: Some("Dee".to_owned()),
        was: None,
        reason: None,
    };
    Ok(SessionRow {
        link: held.link.map(str::to_owned),
        ..publish::new_session(SessionId(Uuid::now_v7()), record)
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
            let all = all(now, "Europe/London", GroupId(Uuid::nil())).unwrap();
            let session = &all[0].2[0].record;
            assert!(session.local_start.as_ref().unwrap().ends_with("T14:00"));
            assert!(session.starts_at.as_ref().unwrap().ends_with(starts));
        }
    }

    #[test]
    fn both_ways_of_giving_places_are_there() {
        let all = all(0, "Europe/London", GroupId(Uuid::nil())).unwrap();
        let gives: Vec<Gives> = all
            .iter()
            .flat_map(|(_, _, sessions)| sessions)
            .map(|session| session.record.gives)
            .collect();
        assert!(gives.contains(&Gives::Staff) && gives.contains(&Gives::FirstReceived));
    }
}
