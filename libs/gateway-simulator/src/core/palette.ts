/**
 * Colours of the pages a buyer would see, light and dark by the colour scheme of the page they stand in. Each text is at
 * least 4.5 to 1 on what it stands on.
 */
export const PALETTE = `
  --ink: light-dark(#1b2430, #e7ebf1);
  --soft: light-dark(#535f71, #a9b4c4);
  --paper: light-dark(#ffffff, #171c24);
  --ground: light-dark(#f1f4f8, #0e1218);
  --line: light-dark(#ccd4df, #3a4554);
  --accent: light-dark(#1a56b0, #8fb8fa);
  --notice: light-dark(#fff4d6, #33290c);
  --notice-ink: light-dark(#6a4a00, #f4d98a);
  --approve: #14703f;
  --deny: #a3262e;
  --on-colour: #ffffff;
`;
