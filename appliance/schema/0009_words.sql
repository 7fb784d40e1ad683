-- Where the words stand that OCR read: msgpack, an array of words, each an array of start and
-- end in the page's text, left, top, right and bottom in ten-thousandths of the page, per cent
-- of confidence. Null for pages that were read as text.

alter table pages add column words blob;
