//! What members say about their experience, and what phones are told of it.

use super::{Shape, command, shape, uuid};
use app::{
    copy::schema::{CopiedExperience, Copy, HowFar},
    domain::{
        care::{CareState, Message},
        command::Command,
        experience::{
            Experience, Link, LinkState, MayUse, Reader, Says, Send, Stage, Use, Used, UsedIn,
            speaking_up::{Independent, Line, LineKind, SpeakingUp},
            story::{Story, StoryState},
        },
        id::{ChangeId, ExperienceId, IndependentId, StoryId, TeamId},
    },
};

fn id() -> ExperienceId {
    ExperienceId(uuid(80))
}

fn said() -> Send {
    Send {
        experience: id(),
        stage: Some(Stage::CrisisCare),
        good: Some("Someone sat with me".into()),
        different: Some("A quieter room".into()),
        when_about: Some("Last winter".into()),
        may_use: MayUse::PublicNamed,
        name: Some("Kit".into()),
        may_reply: true,
        reader: Reader::Team(TeamId(uuid(4))),
        consent: 1,
    }
}

fn commands() -> Vec<Shape> {
    let says = |name, it: Says| command(name, &Command::from(it));
    let about_staff = Send {
        stage: None,
        good: None,
        when_about: None,
        may_use: MayUse::OnlyImprove,
        name: None,
        may_reply: false,
        reader: Reader::Independent(IndependentId(uuid(81))),
        ..said()
    };
    let less = Use {
        experience: id(),
        was: MayUse::PublicNamed,
        may_use: MayUse::TrainingUnnamed,
        name: None,
    };
    vec![
        says("command.experience.send", Says::Send(Box::new(said()))),
        says(
            "command.experience.send.about_staff",
            Says::Send(Box::new(about_staff)),
        ),
        says("command.experience.use", Says::Use(less)),
        says("command.experience.withdraw", Says::Withdraw(id())),
        says(
            "command.experience.answer",
            Says::Answer(id(), uuid(82), "Thank you".into()),
        ),
        says(
            "command.experience.take_back",
            Says::TakeBack(id(), uuid(82)),
        ),
        says(
            "command.story.approve",
            Says::Approve(StoryId(uuid(83)), 2, Some("Kit".into())),
        ),
        says("command.story.take_down", Says::TakeDown(StoryId(uuid(83)))),
    ]
}

fn experience() -> Experience {
    let mut it = Experience::new(&said(), None, "2026-11-23T14:02:00.000Z".into());
    it.see("Priya", "2026-11-23T15:00:00.000Z");
    it.state = CareState::Closed;
    it.taken_on_by = Some("Priya".into());
    it.taken_on_at = Some("2026-11-23T15:01:00.000Z".into());
    it.closed_at = Some("2026-11-24T09:00:00.000Z".into());
    it.messages = vec![Message {
        id: uuid(84),
        from: Some("Priya".into()),
        text: Some("We have a quiet room now".into()),
        at: Some("2026-11-24T08:00:00.000Z".into()),
        rang: false,
        waits: None,
    }];
    it.link = Some(Link {
        state: LinkState::Made,
        words: "There is a quiet room".into(),
        change: Some(ChangeId(uuid(60))),
        at: "2026-11-24T08:30:00.000Z".into(),
    });
    it.used = vec![Used {
        kind: UsedIn::ImpactReport,
        at: "2026-11-25T08:30:00.000Z".into(),
    }];
    it
}

fn story() -> Story {
    Story {
        experience: id(),
        state: StoryState::Published,
        version: 2,
        text: Some("Someone sat with me all night.".into()),
        name: Some("Kit".into()),
        checked: true,
        approved_at: Some("2026-11-25T08:30:00.000Z".into()),
        published_at: Some("2026-11-26T08:30:00.000Z".into()),
        taken_down_at: None,
    }
}

/// A copy with what its person told of their experience.
pub fn in_copy(copy: Copy) -> Copy {
    Copy {
        experiences: vec![CopiedExperience {
            id: uuid(80),
            how_far: HowFar::Sent,
            experience: experience(),
            story: Some(story()),
        }],
        ..copy
    }
}

/// All of it.
pub fn shapes() -> Vec<Shape> {
    let mut withdrawn = experience();
    withdrawn.withdraw();
    let taken_down = Story {
        state: StoryState::TakenDown,
        text: None,
        name: None,
        taken_down_at: Some("2026-11-27T08:30:00.000Z".into()),
        ..story()
    };
    let turn_to = SpeakingUp {
        people: vec![Independent {
            id: IndependentId(uuid(81)),
            name: "Odile Marsh".into(),
            role: "A trustee, who works in no team".into(),
            reach: "01632 960 222".into(),
        }],
        lines: vec![Line {
            kind: LineKind::Advocacy,
            label: "Harbour Advocacy".into(),
            number: "01632 960 333".into(),
            address: String::new(),
            words: "Free".into(),
        }],
    };
    let mut shapes = commands();
    shapes.extend([
        shape("record.experience", &experience()),
        shape("record.experience.withdrawn", &withdrawn),
        shape("record.story", &story()),
        shape("record.story.taken_down", &taken_down),
        shape("record.speaking_up", &turn_to),
    ]);
    shapes
}
