//! How columns of long text share a line.
//!
//! In: how much room each cell takes, and the least width of each column. Out: widths with which the rows of the table are
//! as low as they can be, nearly: a column that is mostly empty, or that is never the highest of its row, stays narrow.

use super::widths::{INSET, Room, fit};

/// In how many steps the room beyond the least widths is given out.
const STEPS: u32 = 64;

/// No more rows than about this are looked at, evenly spread over the table.
const ROWS: usize = 256;

/// How much more a cell counts that is higher than others of its row: the cost of a row is the sum of the heights of its
/// cells to this power, which is near to the height of the highest.
const POWER: i32 = 3;

/// The widths of some columns of a table, their sum that of the line.
///
/// Each step gives a little room to the column that gains most by it. What a column costs falls ever more slowly the wider
/// it is, and depends on no other column, so that such steps end at the least cost of all.
pub(super) fn widths(rows: &[Vec<Room>], columns: &[usize], least: &[f64], line: f64) -> Vec<f64> {
    let spare = line - least.iter().sum::<f64>();
    if spare <= 0.0 || columns.is_empty() {
        return fit(least, least, line);
    }
    let equal = line / columns.len() as f64;
    let rows: Vec<_> = rows.iter().step_by(rows.len() / ROWS + 1).collect();
    // High rows count by their height and not by its power: each row is a part of the page.
    let weights: Vec<f64> = rows
        .iter()
        .map(|row| {
            let heights = columns.iter().filter_map(|column| Some(height(row.get(*column)?, equal)));
            heights.fold(1.0, f64::max).powi(1 - POWER)
        })
        .collect();
    let cost = |column: usize, width: f64| -> f64 {
        let cells = rows.iter().zip(&weights);
        cells
            .filter_map(|(row, weight)| Some(height(row.get(column)?, width).powi(POWER) * weight))
            .sum()
    };
    let step = spare / f64::from(STEPS);
    let mut widths = least.to_vec();
    let mut costs: Vec<f64> = columns.iter().zip(&widths).map(|(column, width)| cost(*column, *width)).collect();
    let mut next: Vec<f64> = columns
        .iter()
        .zip(&widths)
        .map(|(column, width)| cost(*column, width + step))
        .collect();
    for _ in 0..STEPS {
        let gains = costs.iter().zip(&next).map(|(now, then)| now - then).enumerate();
        let Some((position, gain)) = gains.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else {
            break;
        };
        if gain <= 0.0 {
            break;
        }
        widths[position] += step;
        costs[position] = next[position];
        next[position] = cost(columns[position], widths[position] + step);
    }
    // Room that lowers no row is spread over all of them.
    let rest = line - widths.iter().sum::<f64>();
    let sum: f64 = widths.iter().sum();
    widths.iter().map(|width| width + rest * width / sum).collect()
}

/// About how high a cell is in a column of this width, in lines, the last one counted as far as it is filled.
fn height(room: &Room, width: f64) -> f64 {
    (room.total / (width - INSET).max(9.0)).max(1.0) + room.breaks as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(total: f64) -> Room {
        Room {
            word: 40.0,
            whole: total,
            total,
            breaks: 0,
        }
    }

    /// Rows, each of one long text, one of half its length, a few words and nothing.
    fn rows() -> Vec<Vec<Room>> {
        (1..40)
            .map(|n| {
                let long = f64::from(n) * 90.0;
                vec![room(long), room(long / 2.0), room(90.0), room(0.0)]
            })
            .collect()
    }

    fn all(rows: &[Vec<Room>], widths: &[f64]) -> f64 {
        let highest = |row: &Vec<Room>| row.iter().zip(widths).map(|(room, width)| height(room, *width)).fold(1.0, f64::max);
        rows.iter().map(highest).sum()
    }

    #[test]
    fn the_widths_fill_the_line_and_hold_each_word() {
        let least = [48.0; 4];
        for line in [120.0, 192.0, 200.0, 493.2, 739.8] {
            let widths = widths(&rows(), &[0, 1, 2, 3], &least, line);
            assert!((widths.iter().sum::<f64>() - line).abs() < 0.01, "{widths:?}");
            assert!(line < 192.0 || widths.iter().all(|width| *width >= 47.99), "{widths:?}");
        }
    }

    #[test]
    fn an_empty_column_takes_no_room_from_sentences() {
        let widths = widths(&rows(), &[0, 1, 2, 3], &[48.0; 4], 493.2);
        assert!(widths[3] <= 60.0, "{widths:?}");
        assert!(widths[0] > 1.2 * widths[1] && widths[1] > widths[2], "{widths:?}");
    }

    #[test]
    fn no_other_widths_make_the_rows_much_lower() {
        let rows = rows();
        let found = all(&rows, &widths(&rows, &[0, 1, 2, 3], &[48.0; 4], 493.2));
        for a in 0..50 {
            for b in 0..50 {
                let (first, second) = (48.0 + 6.0 * f64::from(a), 48.0 + 6.0 * f64::from(b));
                let third = 493.2 - first - second - 48.0;
                if third >= 48.0 {
                    let other = all(&rows, &[first, second, third, 48.0]);
                    assert!(found < 1.06 * other, "{found} and {other} with {first}, {second}, {third}");
                }
            }
        }
    }
}
