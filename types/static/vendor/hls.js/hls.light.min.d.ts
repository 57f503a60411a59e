declare const library: HlsJs.Library;
export default library;
