//! Numbers of people, told so that nobody is found by them: a group under five is never told, nor can it be worked out
//! from what stands beside it.
//!
//! A small number is 0 to 4, and which of these is not told, so that "fewer than five" does not even say that there is
//! anyone. What is told of a sum leaves each small number of it as open as it was: the tests try every way.

/// The fewest people of whom a number is told.
pub const FEWEST: i64 = 5;

/// The most that a number which is not told may be.
const MOST_HIDDEN: i64 = FEWEST - 1;

/// What is told of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The number itself.
    Exactly(i64),
    /// That it is no smaller than this, which is told anyway.
    AtLeast(i64),
    /// That it is under five.
    Few,
    /// Nothing: it is small, or what is told beside it would give a small number away.
    Nothing,
}

/// A number of people that stands alone.
pub fn told(people: i64) -> Told {
    Part::of(people).told()
}

/// A number of things that people did, and how many different people these are: what four did often is four people's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many things.
    pub number: i64,
    /// How many people.
    pub people: i64,
}

impl Part {
    /// So many people, each once.
    pub fn of(people: i64) -> Self {
        Self {
            number: people,
            people,
        }
    }

    /// What is told of it.
    pub fn told(self) -> Told {
        if self.is_small() {
            Told::Few
        } else {
            Told::Exactly(self.number)
        }
    }

    fn is_small(self) -> bool {
        self.people < FEWEST
    }
}

/// The sum of numbers that are told beside it, each by [`Part::told`]; `people` are how many different people they are of.
/// Where nothing is told it may be small or not: which of the two would say something of two small numbers.
pub fn in_all(people: i64, parts: &[Part]) -> Told {
    if people < FEWEST {
        return Told::Nothing;
    }
    let (mut shown, mut hidden, mut count) = (0, 0, 0);
    for part in parts {
        if part.is_small() {
            hidden += part.number;
            count += 1;
        } else {
            shown += part.number;
        }
    }
    if count == 0 || is_open(hidden, count) {
        return Told::Exactly(shown + hidden);
    }
    at_least(shown)
}

/// How many there are in sets that share people: `all` different ones, and of each set how many. Beside a small set it
/// would say whether anyone is in that one alone.
pub fn together(all: i64, sets: &[i64]) -> Told {
    let is_small = |set: &i64| *set < FEWEST;
    if all < FEWEST || !sets.iter().any(is_small) {
        return told(all);
    }
    at_least(sets.iter().copied().max().unwrap_or_default())
}

/// Whether the sum of small numbers says of none of them more than that it is small: each may still be 0, and still
/// be 4. That they are under five together is never told.
fn is_open(sum: i64, count: i64) -> bool {
    (FEWEST..=MOST_HIDDEN * (count - 1)).contains(&sum)
}

fn at_least(shown: i64) -> Told {
    if shown < FEWEST {
        Told::Nothing
    } else {
        Told::AtLeast(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// A sum of numbers of people.
    fn sum(people: &[i64]) -> Told {
        let parts: Vec<Part> = people.iter().copied().map(Part::of).collect();
        in_all(people.iter().sum(), &parts)
    }

    /// All there are of so many numbers, each up to `most`.
    fn all(count: usize, most: i64) -> Vec<Vec<i64>> {
        let mut found = vec![Vec::new()];
        for _ in 0..count {
            found = found
                .iter()
                .flat_map(|begun: &Vec<i64>| {
                    (0..=most).map(|next| begun.iter().copied().chain([next]).collect())
                })
                .collect();
        }
        found
    }

    #[test]
    fn a_group_under_five_is_never_told() {
        assert_eq!(told(0), Told::Few);
        assert_eq!(told(4), Told::Few);
        assert_eq!(told(5), Told::Exactly(5));
    }

    #[test]
    fn a_sum_says_no_more_of_a_small_number_than_that_it_is_small() {
        for count in 1..=4 {
            // What is seen of the numbers and of their sum, and what each of them may then still be.
            let mut seen: BTreeMap<String, Vec<BTreeSet<i64>>> = BTreeMap::new();
            for numbers in all(count, 7) {
                let each: Vec<Told> = numbers.iter().map(|number| told(*number)).collect();
                let key = format!("{each:?} {:?}", sum(&numbers));
                let may = seen
                    .entry(key)
                    .or_insert_with(|| vec![BTreeSet::new(); count]);
                for (set, number) in may.iter_mut().zip(&numbers) {
                    set.insert(*number);
                }
            }
            for (seen, may) in seen {
                for set in may {
                    let small = set.iter().any(|number| *number < FEWEST);
                    let open = set.contains(&0) && set.contains(&4);
                    assert!(!small || open, "{seen}: {set:?}");
                }
            }
        }
    }

    #[test]
    fn a_sum_is_told_where_it_gives_nothing_away() {
        assert_eq!(sum(&[7, 5]), Told::Exactly(12));
        assert_eq!(sum(&[3, 4, 2, 3]), Told::Exactly(12));
        // One small number is the sum without the others.
        assert_eq!(sum(&[7, 5, 2]), Told::AtLeast(12));
        // Four and four.
        assert_eq!(sum(&[9, 4, 4]), Told::AtLeast(9));
        // All others together would be a group of four.
        assert_eq!(sum(&[9, 4, 0, 0]), Told::AtLeast(9));
        assert_eq!(sum(&[4, 4]), Told::Nothing);
        assert_eq!(sum(&[0, 0, 0]), Told::Nothing);
    }

    #[test]
    fn what_few_people_do_often_is_still_theirs() {
        let part = |number, people| Part { number, people };
        assert_eq!(part(30, 4).told(), Told::Few);
        assert_eq!(part(30, 5).told(), Told::Exactly(30));
        assert_eq!(in_all(8, &[part(30, 4), part(7, 6)]), Told::AtLeast(7));
        assert_eq!(
            in_all(4, &[part(4, 4), part(4, 4), part(4, 4)]),
            Told::Nothing
        );
        assert_eq!(
            in_all(6, &[part(4, 4), part(4, 4), part(4, 4)]),
            Told::Nothing
        );
    }

    #[test]
    fn different_people_in_all_give_no_small_set_away() {
        assert_eq!(together(9, &[6, 7]), Told::Exactly(9));
        assert_eq!(together(4, &[3, 4]), Told::Few);
        // Two of the nine are in the small set alone.
        assert_eq!(together(9, &[7, 3]), Told::AtLeast(7));
        // And where nobody is, that is not told either.
        assert_eq!(together(7, &[7, 3]), Told::AtLeast(7));
        assert_eq!(together(6, &[3, 3]), Told::Nothing);
    }
}
