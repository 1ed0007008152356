//! The difference of an old and a new wording, word by word, as people read it: what stays, what goes, what comes.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words that stand next to each other and are all the same, gone or new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// They stay.
    Same(String),
    /// They are not there any more.
    Gone(String),
    /// They are new.
    New(String),
}

/// The difference of two wordings.
pub fn difference(old: &str, new: &str) -> Vec<Piece> {
    let old: Vec<&str> = old.split_whitespace().collect();
    let new: Vec<&str> = new.split_whitespace().collect();
    let mut pieces = Vec::new();
    let said = |words: &[&str]| words.join(" ");
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            pieces.push(Piece::Same(said(gone)));
            continue;
        }
        if !gone.is_empty() {
            pieces.push(Piece::Gone(said(gone)));
        }
        if !come.is_empty() {
            pieces.push(Piece::New(said(come)));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_what_goes_and_what_comes_is_told_in_whole_words() {
        assert_eq!(
            difference(
                "What are your goals for the future?",
                "What are your small steps for now?"
            ),
            [
                Piece::Same("What are your".into()),
                Piece::Gone("goals".into()),
                Piece::New("small steps".into()),
                Piece::Same("for".into()),
                Piece::Gone("the future?".into()),
                Piece::New("now?".into()),
            ]
        );
        assert_eq!(
            difference("Same.", " Same. "),
            [Piece::Same("Same.".into())]
        );
        assert_eq!(difference("", "New."), [Piece::New("New.".into())]);
    }

    /// Whatever the two are, taking one side of the difference gives that one again.
    #[test]
    fn both_wordings_can_be_read_out_of_it() {
        const WORDS: [&str; 7] = ["a", "b", "future", "<b>", "\u{202e}x", "😀", "a"];
        for seed in 0..2_000_u64 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut some = || {
                let mut words = Vec::new();
                for _ in 0..(state >> 60) {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    let place = usize::try_from(state >> 33).unwrap_or_default();
                    words.push(WORDS[place % WORDS.len()]);
                }
                words.join(" ")
            };
            let (old, new) = (some(), some());
            let side = |is_old: bool| {
                let pieces = difference(&old, &new).into_iter();
                let pieces = pieces.filter_map(|piece| match piece {
                    Piece::Same(words) => Some(words),
                    Piece::Gone(words) => is_old.then_some(words),
                    Piece::New(words) => (!is_old).then_some(words),
                });
                pieces.collect::<Vec<_>>().join(" ")
            };
            assert_eq!(
                (side(true), side(false)),
                (old.clone(), new.clone()),
                "seed {seed}"
            );
        }
    }
}
