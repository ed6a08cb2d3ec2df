/** "networksPerHour" → "Networks per hour". */
export const thresholdWords = (key: string) => {
  const text = key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_.-]/g, " ")
    .toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};
