"""A camera that paints the wall clock, for the browser that publishes; `painted_clock.READER` reads it back."""

# getUserMedia answers with a canvas of 1280x720 at 30 frames a second, and a quiet tone. The clock is the strip of
# `painted_clock`: 48 bits of milliseconds and 16 bits of checksum.
CAMERA = """() => {
  const width = 1280, height = 720, bits = 64;
  const camera = () => {
    const canvas = document.createElement('canvas');
    canvas.width = width; canvas.height = height;
    const context = canvas.getContext('2d', {alpha: false});
    const texture = document.createElement('canvas');
    texture.width = width * 2; texture.height = height;
    const brush = texture.getContext('2d');
    for (let x = 0; x < width * 2; x += 40) {
      brush.fillStyle = `hsl(${x * 7 % 360} 40% ${30 + x * 3 % 30}%)`;
      brush.fillRect(x, 0, 40, height);
    }
    const stream = canvas.captureStream(0);
    const [track] = stream.getVideoTracks();
    let number = 0;
    setInterval(() => {
      context.drawImage(texture, -(number * 4 % width), 0);
      const now = Date.now();
      const high = Math.floor(now / 65536), low = now % 65536, check = now % 65521;
      const word = high.toString(2).padStart(32, '0') + low.toString(2).padStart(16, '0')
        + check.toString(2).padStart(16, '0');
      for (let bit = 0; bit < bits; bit += 1) {
        context.fillStyle = word[bit] === '1' ? '#fff' : '#000';
        context.fillRect(bit * width / bits, 0, width / bits, 32);
      }
      track.requestFrame();
      number += 1;
    }, 1000 / 30);
    const audio = new AudioContext();
    const tone = audio.createOscillator(), quiet = audio.createGain(), out = audio.createMediaStreamDestination();
    quiet.gain.value = 0.05;
    tone.connect(quiet).connect(out);
    tone.start();
    for (const one of out.stream.getAudioTracks()) stream.addTrack(one);
    return stream;
  };
  let made = null;
  globalThis.paintedCamera = () => (made ??= camera());
  if (navigator.mediaDevices) {
    navigator.mediaDevices.getUserMedia = async (asked) => {
      const tracks = globalThis.paintedCamera().getTracks().filter((one) => asked[one.kind]);
      return new MediaStream(tracks.map((one) => one.clone()));
    };
  }
}"""

# A publisher and a viewer with nothing around them. Both gather all candidates first.
PLAIN = """() => {
  const gathered = (peer) => new Promise((done) => {
    const look = () => { if (peer.iceGatheringState === 'complete') done(peer.localDescription.sdp); };
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
  globalThis.publish = async (codec) => {
    const peer = globalThis.peer = new RTCPeerConnection();
    for (const track of globalThis.paintedCamera().getTracks()) {
      const line = peer.addTransceiver(track, {direction: 'sendonly'});
      if (track.kind === 'video') {
        line.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs.filter(
          (one) => one.mimeType.toLowerCase() === `video/${codec}`));
        const parameters = line.sender.getParameters();
        parameters.degradationPreference = 'maintain-resolution';
        for (const encoding of parameters.encodings) encoding.maxBitrate = 2500000;
        await line.sender.setParameters(parameters);
      }
    }
    await peer.setLocalDescription();
    return gathered(peer);
  };
  globalThis.accept = (sdp) => globalThis.peer.setRemoteDescription({type: 'answer', sdp});
  globalThis.watch = async (sdp) => {
    const peer = globalThis.peer = new RTCPeerConnection();
    peer.addEventListener('track', (event) => {
      const video = document.querySelector('video');
      video.srcObject ??= new MediaStream();
      video.srcObject.addTrack(event.track);
    });
    await peer.setRemoteDescription({type: 'offer', sdp});
    await peer.setLocalDescription();
    return gathered(peer);
  };
}"""
BLANK = "<!doctype html><video autoplay muted playsinline></video>"
