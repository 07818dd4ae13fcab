"""What our pages look like and the words they use: style sheets, tables of words, and the parts that pages share."""
