//! Giving ids on from one version to the next: a phrase that is there again is the same phrase, and so is one that
//! stands where another stood, between phrases that did not change. Whoever writes the version can say otherwise.

use super::{Phrase, split::Piece};
use crate::domain::id::PhraseId;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a phrase of the new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It is as it was.
    Same,
    /// It has other words; those it had before.
    Reworded(String),
    /// It was not there before.
    New,
}

/// A new version, held against the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Its phrases, each with what became of it.
    pub phrases: Vec<(Phrase, Came)>,
    /// The phrases that are not in it any more.
    pub gone: Vec<Phrase>,
}

impl Carried {
    /// Whether anything at all is another.
    pub fn differs(&self) -> bool {
        !self.gone.is_empty() || self.phrases.iter().any(|(_, came)| *came != Came::Same)
    }

    /// The phrases alone.
    pub fn into_phrases(self) -> Vec<Phrase> {
        self.phrases.into_iter().map(|(phrase, _)| phrase).collect()
    }
}

/// What whoever writes the version said of a phrase that is not as before, by its place: which one it was, or that it
/// is new.
pub type Said = BTreeMap<usize, Option<PhraseId>>;

/// Gives the ids of `old` on to `new`. Whatever is new gets one of `ids`.
pub fn carry(
    old: &[Phrase],
    new: &[Piece],
    said: &Said,
    mut ids: impl FnMut() -> PhraseId,
) -> Carried {
    let mut from = same(old, new);
    moved(old, new, &mut from);
    let known: BTreeMap<PhraseId, usize> = places(old);
    let positions = in_the_same_place(old, new, &from);
    // What was said goes first, so that nothing else takes its phrase.
    for (place, was) in said {
        let was = was.and_then(|id| known.get(&id).copied());
        let Some(was) = was.filter(|was| !from.contains(&Some(*was))) else {
            continue;
        };
        if from.get(*place) == Some(&None) {
            from[*place] = Some(was);
        }
    }
    for (place, was) in positions {
        if from[place].is_none() && !said.contains_key(&place) && !from.contains(&Some(was)) {
            from[place] = Some(was);
        }
    }
    finish(old, new, &from, &mut ids)
}

fn places(old: &[Phrase]) -> BTreeMap<PhraseId, usize> {
    let places = old.iter().enumerate();
    places.map(|(place, phrase)| (phrase.id, place)).collect()
}

fn finish(
    old: &[Phrase],
    new: &[Piece],
    from: &[Option<usize>],
    ids: &mut impl FnMut() -> PhraseId,
) -> Carried {
    let mut carried = Carried::default();
    for (piece, was) in new.iter().zip(from) {
        let was = was.map(|was| &old[was]);
        let came = match was {
            None => Came::New,
            Some(was) if was.text == piece.text => Came::Same,
            Some(was) => Came::Reworded(was.text.clone()),
        };
        let phrase = Phrase {
            id: was.map_or_else(&mut *ids, |was| was.id),
            part: piece.part,
            text: piece.text.clone(),
            joins: piece.joins,
            key: was.and_then(|was| was.key.clone()),
        };
        carried.phrases.push((phrase, came));
    }
    let kept: BTreeSet<usize> = from.iter().copied().flatten().collect();
    let gone = old.iter().enumerate();
    let gone = gone.filter(|(place, _)| !kept.contains(place));
    carried.gone = gone.map(|(_, phrase)| phrase.clone()).collect();
    carried
}

fn is_same(old: &Phrase, new: &Piece) -> bool {
    old.text == new.text && old.part == new.part
}

/// The longest run of phrases that are as they were, in order.
fn same(old: &[Phrase], new: &[Piece]) -> Vec<Option<usize>> {
    // Longest common subsequence by a table from the end: documents have a few hundred phrases at most.
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for (i, was) in old.iter().enumerate().rev() {
        for (j, now) in new.iter().enumerate().rev() {
            longest[i * width + j] = if is_same(was, now) {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let mut from = vec![None; new.len()];
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if is_same(&old[i], &new[j]) {
            from[j] = Some(i);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    from
}

/// A phrase that was moved is the same one, wherever it stands now.
fn moved(old: &[Phrase], new: &[Piece], from: &mut [Option<usize>]) {
    let mut taken: BTreeSet<usize> = from.iter().copied().flatten().collect();
    for (place, piece) in new.iter().enumerate() {
        if from[place].is_some() {
            continue;
        }
        let was = old.iter().enumerate();
        let mut was = was.filter(|(was, phrase)| !taken.contains(was) && phrase.text == piece.text);
        if let Some((was, _)) = was.next() {
            taken.insert(was);
            from[place] = Some(was);
        }
    }
}

/// Between two phrases that did not change: as many others as before are the same ones in other words.
fn in_the_same_place(old: &[Phrase], new: &[Piece], from: &[Option<usize>]) -> Vec<(usize, usize)> {
    let taken: BTreeSet<usize> = from.iter().copied().flatten().collect();
    let mut pairs = Vec::new();
    let mut place = 0;
    while place < new.len() {
        if from[place].is_some() {
            place += 1;
            continue;
        }
        let begin = place;
        while place < new.len() && from[place].is_none() {
            place += 1;
        }
        let before = begin.checked_sub(1).and_then(|at| from[at]);
        let after = from.get(place).copied().flatten();
        let first = before.map_or(0, |before| before + 1);
        let last = after.unwrap_or(old.len());
        // Where phrases were moved about there is no place that is the same.
        let gap: Vec<usize> = (first..last).collect();
        let is_whole = gap.iter().all(|was| !taken.contains(was));
        if is_whole && gap.len() == place - begin {
            pairs.extend((begin..place).zip(gap));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{super::split::split, *};
    use uuid::Uuid;

    fn id(n: u128) -> PhraseId {
        PhraseId(Uuid::from_u128(n))
    }

    fn version(text: &str, old: &[Phrase], said: &Said, first: u128) -> Carried {
        let mut next = first;
        carry(old, &split(text).unwrap(), said, || {
            next += 1;
            id(next)
        })
    }

    fn first(text: &str) -> Vec<Phrase> {
        version(text, &[], &Said::new(), 0).into_phrases()
    }

    fn ids(carried: &Carried) -> Vec<u128> {
        let all = carried.phrases.iter();
        all.map(|(phrase, _)| phrase.id.0.as_u128()).collect()
    }

    #[test]
    fn a_title_in_other_words_is_the_same_phrase_and_the_rest_is_untouched() {
        let old = first("# Your future\n\nWhat are your goals?\n\nThank you.");
        let now = version(
            "# What helps me\n\nWhat are your goals?\n\nThank you.",
            &old,
            &Said::new(),
            100,
        );
        assert_eq!(ids(&now), [1, 2, 3]);
        assert_eq!(now.phrases[0].1, Came::Reworded("Your future".to_owned()));
        assert_eq!(now.phrases[1].1, Came::Same);
        assert!(now.gone.is_empty() && now.differs());
        assert!(
            !version(
                "# Your future\n\nWhat are your goals?\n\nThank you.",
                &old,
                &Said::new(),
                100
            )
            .differs()
        );
    }

    #[test]
    fn what_is_moved_is_the_same_and_what_has_no_place_is_new() {
        let old = first("One.\n\nTwo.\n\nThree.");
        let now = version("Three.\n\nOne.\n\nTwo.\n\nFour.", &old, &Said::new(), 100);
        assert_eq!(ids(&now), [3, 1, 2, 101]);
        let now = version(
            "One.\n\nTwo, and more.\n\nEven more.\n\nThree.",
            &old,
            &Said::new(),
            100,
        );
        assert_eq!(ids(&now), [1, 101, 102, 3]);
        assert_eq!(now.gone[0].id, id(2));
    }

    #[test]
    fn whoever_writes_it_can_say_which_phrase_it_was_or_that_it_is_new() {
        let old = first("One.\n\nTwo.\n\nThree.");
        let text = "One.\n\nTwo, and more.\n\nEven more.\n\nThree.";
        let said = Said::from([(2, Some(id(2)))]);
        assert_eq!(ids(&version(text, &old, &said, 100)), [1, 101, 2, 3]);
        let said = Said::from([(1, None)]);
        let now = version("One.\n\nSomething else.\n\nThree.", &old, &said, 100);
        assert_eq!(ids(&now), [1, 101, 3]);
        assert_eq!(now.gone[0].id, id(2));
        // What is as it was is that phrase, whatever anybody says; and no phrase is there twice.
        let said = Said::from([(0, Some(id(2))), (1, Some(id(1))), (9, Some(id(2)))]);
        assert_eq!(ids(&version("One.\n\nOther.", &old, &said, 100)), [1, 101]);
    }

    #[test]
    fn every_version_has_each_id_once_and_keeps_all_that_is_unchanged() {
        const WORDS: [&str; 6] = ["One.", "Two.", "Three.", "# Four", "- Five", "Two."];
        for seed in 0..3_000_u64 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut some = || {
                let mut text = String::new();
                for _ in 0..=(state >> 60) {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    let place = usize::try_from(state >> 33).unwrap_or_default() % WORDS.len();
                    text.push_str(WORDS[place]);
                    text.push_str("\n\n");
                }
                text
            };
            let (before, after) = (some(), some());
            let old = first(&before);
            let now = version(&after, &old, &Said::new(), 1_000);
            let mut seen = BTreeSet::new();
            assert!(
                ids(&now).into_iter().all(|id| seen.insert(id)),
                "seed {seed}"
            );
            for (phrase, came) in &now.phrases {
                let was = old.iter().find(|was| was.id == phrase.id);
                match came {
                    Came::New => assert!(was.is_none(), "seed {seed}"),
                    Came::Same => assert_eq!(was.unwrap().text, phrase.text, "seed {seed}"),
                    Came::Reworded(text) => assert_eq!(&was.unwrap().text, text, "seed {seed}"),
                }
            }
            // Every old phrase is either there still or gone, and no words are called new that were there.
            assert_eq!(
                old.len(),
                now.gone.len()
                    + now
                        .phrases
                        .iter()
                        .filter(|(_, came)| *came != Came::New)
                        .count()
            );
            let is_gone = |text: &str| now.gone.iter().any(|gone| gone.text == text);
            for (phrase, came) in &now.phrases {
                assert!(
                    *came != Came::New || !is_gone(&phrase.text),
                    "seed {seed}: {before:?} {after:?}"
                );
            }
            let again = version(&after, &now.clone().into_phrases(), &Said::new(), 2_000);
            assert!(!again.differs(), "seed {seed}");
        }
    }
}
