/** The attributes that all convolutions have. Knows nothing of what they mean. */
import { integer, integers } from "../parameters";

export const convolutionAttributes = {
  stride: integers([1]),
  padding: integers([0]),
  dilation: integers([1]),
  groups: integer(1),
};
