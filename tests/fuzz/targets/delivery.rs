//! What a server delivers: of a feed with too many items, the newest of them are read and the others counted.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::formats::{Delivery, feed::Earlier, read_delivery_again};
use dateline_fuzz::{check, origin};

dateline_fuzz::target!(|data: &[u8]| {
    let read = |most| read_delivery_again(data, None, "https://example.org/feed", &origin(), Earlier::NOTHING, most);
    let (Delivery::Feed(all), few) = (read(usize::MAX), read(2)) else { return };
    let Delivery::Feed(few) = few else { return };
    check(&all.articles);
    assert_eq!(all.left_out, 0);
    assert!(few.articles.len() <= 2);
    assert!(few.left_out > 0 || few.articles.len() == all.articles.len());
});
