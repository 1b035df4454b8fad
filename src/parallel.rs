//! The same work for many numbers, on several threads, results in order.

/// `work(state, 0) .. work(state, n - 1)`; each thread has a state of its own, which must not influence results.
pub(crate) fn map<S, T: Send>(
    n: usize,
    n_threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let share = n.div_ceil(n_threads.max(1)).max(1);
    let run = |start: usize| {
        let mut state = state();
        (start..(start + share).min(n)).map(|index| work(&mut state, index)).collect::<Vec<T>>()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n).step_by(share).map(|start| scope.spawn(move || run(start))).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.flatten().collect()
    })
}

/// Changes each item by itself; `work` gets the position of the item.
#[cfg(feature = "train")]
pub(crate) fn for_each<T: Send>(items: &mut [T], n_threads: usize, work: impl Fn(usize, &mut T) + Sync) {
    let share = items.len().div_ceil(n_threads.max(1)).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        for (part, items) in items.chunks_mut(share).enumerate() {
            scope.spawn(move || {
                for (index, item) in items.iter_mut().enumerate() {
                    work(part * share + index, item);
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "train")]
    #[test]
    fn every_item_is_changed_once_for_any_number_of_threads() {
        for n_threads in [0, 1, 2, 5, 9] {
            let mut items = [0; 7];
            super::for_each(&mut items, n_threads, |index, item| *item += index + 1);
            assert_eq!(items, [1, 2, 3, 4, 5, 6, 7], "{n_threads}");
        }
    }

    #[test]
    fn results_are_in_order_for_any_number_of_threads() {
        for n_threads in [0, 1, 2, 3, 7, 100] {
            let squares = super::map(20, n_threads, || (), |(), index| index * index);
            assert!(squares.iter().enumerate().all(|(index, square)| *square == index * index), "{n_threads}");
            assert_eq!(squares.len(), 20);
        }
    }
}
