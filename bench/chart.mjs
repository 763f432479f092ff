export const chart = () => "";
